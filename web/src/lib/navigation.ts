/**
 * The address and how it changes: enough of a router for twenty pages, a tenth of a library's weight.
 * Pages are matched in app/router.tsx.
 */
import { createContext, use, useEffect, useMemo, useState } from "react";

export interface Place {
  path: string;
  query: string;
  /** Where the page was scrolled to when it was left; null leaves it where it is. */
  scroll: number | null;
}

export interface Target {
  /** A path of ours; the present one when left out. */
  to?: string;
  /** What the page keeps in its address; a function gets what stands there now. */
  search?: object | ((old: Record<string, string>) => object);
  /** Instead of the present entry of the browser's history. */
  replace?: boolean;
  /** Even when a form asks to stay. */
  force?: boolean;
}

interface Step {
  index: number;
  scroll: number;
}

const listeners = new Set<() => void>();
let place = read();
let index = step().index;

function step(): Step {
  return { index: 0, scroll: 0, ...(history.state as Step | null) };
}

function read(): Place {
  return { path: location.pathname, query: location.search, scroll: step().scroll };
}

export const getPlace = () => place;

export function onPlace(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function moved(stay = false) {
  place = stay ? { ...read(), scroll: null } : read();
  index = step().index;
  for (const listener of listeners) listener();
}

export function hrefOf({ to = location.pathname, search = {} }: Target): string {
  const values = typeof search === "function" ? search(searchOf(location.search)) : search;
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${to}?${query}` : to;
}

function searchOf(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

export function navigate(target: Target) {
  if (!target.force && stays(() => navigate({ ...target, force: true }))) return;
  const href = hrefOf(target);
  if (target.replace) history.replaceState(step(), "", href);
  else {
    history.replaceState({ index, scroll: scrollY }, "");
    history.pushState({ index: index + 1, scroll: 0 }, "", href);
  }
  moved(target.replace);
}

addEventListener("popstate", () => {
  const by = step().index - index;
  // Already there: go back, ask, and go again when the answer is yes.
  if (by && stays(() => history.go(by))) return history.go(-by);
  moved();
});

interface Blocker {
  blocks: () => boolean;
  ask: (proceed: () => void) => void;
}

let blocker: Blocker | null = null;

/** Whether a form holds the page; it is then asked, and may proceed later. */
function stays(proceed: () => void): boolean {
  if (!blocker?.blocks()) return false;
  blocker.ask(() => {
    blocker = null;
    proceed();
  });
  return true;
}

/** Holds the page while `dirty`, against links, the back button and the closing of the tab. */
export function useBlocker(dirty: boolean) {
  const [proceed, setProceed] = useState<{ go: () => void } | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const own: Blocker = { blocks: () => true, ask: (go) => setProceed({ go }) };
    const unload = (event: BeforeUnloadEvent) => event.preventDefault();
    blocker = own;
    addEventListener("beforeunload", unload);
    return () => {
      if (blocker === own) blocker = null;
      removeEventListener("beforeunload", unload);
    };
  }, [dirty]);
  return { proceed, stay: () => setProceed(null) };
}

/** The place being shown, which while a page is fetched is still the one before. */
export const PlaceContext = createContext<Place>(place);

export function usePath(): string {
  return use(PlaceContext).path;
}

/** The id in the address of one thing: /schedules/ID/edit. */
export function usePathId(): string {
  return decodeURIComponent(usePath().split("/")[2] ?? "");
}

/** What a page keeps in its address, as `lib/searches` reads it. */
export function useSearch<T>(parse: (raw: Record<string, string>) => T): T {
  const { query } = use(PlaceContext);
  return useMemo(() => parse(searchOf(query)), [parse, query]);
}
