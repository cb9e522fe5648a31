import { type SyntheticEvent, useEffect, useRef, useState } from "react";
import type { Hovered } from "./EventCard";

const DELAY_MS = 350;

/** The entry that is pointed at for a moment, or has the focus; handlers for the element around all entries. */
export function useHovered(find: (id?: string) => Hovered["entry"] | undefined) {
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const target = useRef<HTMLElement | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const show = (element: HTMLElement | null, delay: number) => {
    if (element === target.current) return;
    target.current = element;
    clearTimeout(timer.current);
    setHovered(null);
    const entry = element && find(element.dataset.entry);
    if (entry) timer.current = setTimeout(() => setHovered({ entry, element }), delay);
  };
  const reach = (delay: number) => (event: SyntheticEvent) => {
    const link = (event.target as Element).closest("a");
    show(link?.querySelector<HTMLElement>("[data-entry]") ?? null, delay);
  };
  const leave = () => show(null, 0);
  return {
    hovered,
    handlers: {
      onMouseOver: reach(DELAY_MS),
      onFocus: reach(0),
      onMouseLeave: leave,
      onBlur: leave,
      onPointerDown: leave,
      onKeyDown: leave,
    },
  };
}
