import { useSyncExternalStore } from "react";

let printing = false;
const listeners = new Set<() => void>();

function change(to: boolean) {
  printing = to;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether the page is about to be put on paper, where nothing can be unfolded. */
export function usePrinting(): boolean {
  return useSyncExternalStore(subscribe, () => printing);
}

const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));

/** Prints the page with everything unfolded, once that is drawn. */
export async function printWhole() {
  change(true);
  for (let drawn = 0; drawn < 3; drawn++) await frame();
  addEventListener("afterprint", () => change(false), { once: true });
  print();
}
