import { useSyncExternalStore } from "react";
import type { User } from "../api/generated/model";
import { OfflineError, problemOf } from "./problem";

/**
 * Who is signed in. The access token lives here, in memory only; the refresh token is an HttpOnly
 * cookie that no script can read.
 */
export interface Session {
  status: "unknown" | "anonymous" | "signed-in" | "expired";
  user: User | null;
  token: string | null;
}

let session: Session = { status: "unknown", user: null, token: null };
const listeners = new Set<() => void>();

export function getSession(): Session {
  return session;
}

function set(next: Session) {
  session = next;
  for (const listener of listeners) listener();
}

export function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useSession(): Session {
  return useSyncExternalStore(subscribe, getSession);
}

/** The signed-in person; only called inside the signed-in part of the application. */
export function useUser(): User {
  const { user } = useSession();
  if (!user) throw new Error("nobody is signed in");
  return user;
}

// No secret, only that there was a session: without it nobody has to be asked for one.
const HINT = "communityshare-session";

export function signedIn(token: string, user: User) {
  localStorage.setItem(HINT, "1");
  set({ status: "signed-in", token, user });
  for (const waiter of waiting.splice(0)) waiter(true);
}

export function signedOut() {
  localStorage.removeItem(HINT);
  set({ status: "anonymous", token: null, user: null });
  for (const waiter of waiting.splice(0)) waiter(false);
}

const waiting: ((resumed: boolean) => void)[] = [];

/** Resolves once the person has signed in again in the dialog: requests under way then go on. */
function resumed(): Promise<boolean> {
  set({ ...session, status: "expired", token: null });
  return new Promise((resolve) => waiting.push(resolve));
}

async function rotate(): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch("/api/auth/refresh", { method: "POST", credentials: "same-origin" });
  } catch {
    throw new OfflineError("/api/auth/refresh");
  }
  if (response.status === 401 || response.status === 403 || response.status === 400) return false;
  if (!response.ok) throw await problemOf(response);
  const body: { access_token: string; user?: User } = await response.json();
  const user = body.user ?? (await me(body.access_token));
  signedIn(body.access_token, user);
  return true;
}

async function me(token: string): Promise<User> {
  const response = await fetch("/api/auth/me", { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

/** Two tabs that rotate the same cookie at once would look like theft and end the session: one at a time. */
function exclusively<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request("communityshare-refresh", work) : work();
}

let rotating: Promise<boolean> | null = null;

function rotateOnce(): Promise<boolean> {
  rotating ??= exclusively(rotate).finally(() => (rotating = null));
  return rotating;
}

/** Called once when the application starts. Throws OfflineError when the server cannot be reached. */
export async function restoreSession(): Promise<void> {
  if (session.status !== "unknown") return;
  if (!localStorage.getItem(HINT) || !(await rotateOnce())) signedOut();
}

/** After a 401: gets another token, by the cookie or by the sign-in dialog. False when the person gave up. */
export async function renewSession(refused: string | null): Promise<boolean> {
  if (session.token && session.token !== refused) return true;
  if (session.status === "expired") return new Promise((resolve) => waiting.push(resolve));
  if (session.status !== "signed-in") return false;
  return (await rotateOnce()) || resumed();
}
