import type { CalendarRef } from "@fullcalendar/react";
import { type RefObject, useEffect } from "react";

/**
 * Unfolds the grid before it goes on paper, whoever asked for it. FullCalendar lays its days out for paper at
 * once when it is told so, and its React edition listens to nothing of the browser's.
 */
export function usePaper(calendar: RefObject<CalendarRef | null>) {
  useEffect(() => {
    const controller = new AbortController();
    for (const moment of ["beforeprint", "afterprint"] as const)
      addEventListener(moment, () => calendar.current?.getApi().trigger(`_${moment}`), controller);
    return () => controller.abort();
  }, [calendar]);
}
