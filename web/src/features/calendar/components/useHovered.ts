import { type SyntheticEvent, useEffect, useState } from "react";
import type { CalendarEvent } from "../api/getCalendar";
import type { Hovered } from "./EventCard";

const DELAY_MS = 350;

/** The entry that is pointed at for a moment, or has the focus; handlers for the element around all entries. */
export function useHovered(events: CalendarEvent[]) {
  const [target, setTarget] = useState<{ element: HTMLElement; delay: number } | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  useEffect(() => {
    setHovered(null);
    const entry = events.find(({ id }) => id === target?.element.dataset.entry);
    if (!target || !entry) return;
    const timer = setTimeout(() => setHovered({ entry, element: target.element }), target.delay);
    return () => clearTimeout(timer);
  }, [target, events]);
  const reach = (event: SyntheticEvent, delay: number) => {
    const element = (event.target as Element).closest("a")?.querySelector<HTMLElement>("[data-entry]");
    setTarget((old) => (!element ? null : old?.element === element ? old : { element, delay }));
  };
  const leave = () => setTarget(null);
  return {
    hovered,
    handlers: {
      onMouseOver: (event: SyntheticEvent) => reach(event, DELAY_MS),
      onFocus: (event: SyntheticEvent) => reach(event, 0),
      onMouseLeave: leave,
      onBlur: leave,
      onPointerDown: leave,
      onKeyDown: leave,
    },
  };
}
