import { createStore, del, entries, set } from "idb-keyval";
import { useSyncExternalStore } from "react";
import { ApiError, isPassing, type Problem } from "../../../lib/problem";
import { getSession, subscribe as onSession } from "../../../lib/session";
import { type LogFields, sendLog } from "../api/sendLog";

/** Work that was logged and has not reached the server yet. It outlives a reload: it is kept in IndexedDB. */
export interface Waiting {
  /** The Idempotency-Key of every attempt. */
  key: string;
  userId: string;
  title: string;
  fields: LogFields;
  photos: File[];
  /** Set when the server refused it for good. */
  refused?: Problem;
}

export type Outcome = { state: "sent" } | { state: "waiting" } | { state: "refused"; problem: Problem };

const RETRY_MS = 8_000;
const store = createStore("communityshare-log", "waiting");
let waiting: Waiting[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const sentListeners = new Set<(entry: Waiting) => void>();

function change(next: Waiting[]) {
  waiting = next;
  for (const listener of listeners) listener();
}

async function keep(entry: Waiting) {
  await set(entry.key, entry, store);
  change([...waiting.filter(({ key }) => key !== entry.key), entry]);
}

export async function discard(key: string) {
  await del(key, store);
  change(waiting.filter((entry) => entry.key !== key));
}

async function attempt(entry: Waiting): Promise<Outcome> {
  try {
    await sendLog(entry.fields, entry.photos, entry.key);
  } catch (error) {
    if (isPassing(error)) return { state: "waiting" };
    const problem = error instanceof ApiError ? error.problem : { status: 0, title: String(error) };
    return { state: "refused", problem };
  }
  await discard(entry.key);
  for (const listener of sentListeners) listener(entry);
  return { state: "sent" };
}

/** Keeps the work first and sends it then, so that nothing is lost whatever happens in between. */
export async function logWork(entry: Waiting): Promise<Outcome> {
  await keep(entry);
  const outcome = await attempt(entry);
  if (outcome.state === "refused") await discard(entry.key);
  if (outcome.state === "waiting") retryLater();
  return outcome;
}

let flushing: Promise<void> | null = null;

/** Sends what waits, oldest first; stops at the first that cannot get through. */
export function flush(): Promise<void> {
  flushing ??= flushAll().finally(() => (flushing = null));
  return flushing;
}

async function flushAll() {
  clearTimeout(timer);
  const { user, token } = getSession();
  if (!user || !token) return;
  for (const entry of waiting.filter(({ userId, refused }) => userId === user.id && !refused)) {
    const outcome = await attempt(entry);
    if (outcome.state === "refused") await keep({ ...entry, refused: outcome.problem });
    if (outcome.state === "waiting") return retryLater();
  }
}

function retryLater() {
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), RETRY_MS);
}

let started = false;

/** Reads what waits from an earlier visit, and sends it whenever a connection or a session is there. */
export function startQueue() {
  if (started) return;
  started = true;
  addEventListener("online", () => void flush());
  onSession(() => void flush());
  void entries<string, Waiting>(store).then((kept) => {
    change([
      ...waiting,
      ...kept.map(([, entry]) => entry).filter(({ key }) => !waiting.some((one) => one.key === key)),
    ]);
    void flush();
  });
}

export function useWaiting(): Waiting[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => waiting,
  );
}

export function onSent(listener: (entry: Waiting) => void) {
  sentListeners.add(listener);
  return () => void sentListeners.delete(listener);
}
