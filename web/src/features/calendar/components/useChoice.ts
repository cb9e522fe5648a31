import { useEffect, useEffectEvent, useRef } from "react";

/**
 * Tells which day of a grid is touched, "YYYY-MM-DD". Entries, and what says that there are more, are links and
 * buttons within their day: pressing one of them, from the keyboard as well, chooses the day it stands in.
 */
export function useChoice(wanted: boolean, onDate: (date: string) => void) {
  const grid = useRef<HTMLDivElement>(null);
  const choose = useEffectEvent((event: MouseEvent) => {
    const day = (event.target as Element).closest<HTMLElement>("[data-date]")?.dataset.date;
    if (day) onDate(day);
  });
  useEffect(() => {
    const element = grid.current;
    if (!wanted || !element) return;
    const stop = new AbortController();
    element.addEventListener("click", choose, { signal: stop.signal });
    return () => stop.abort();
  }, [wanted]);
  return grid;
}
