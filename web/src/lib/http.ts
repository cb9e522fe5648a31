import { ApiError, OfflineError, problemOf } from "./problem";
import { getSession, renewSession } from "./session";

const OWN_TOKENS = new Set(["/api/auth/login", "/api/auth/refresh"]);
const featureListeners = new Set<() => void>();

/** Told when the server answers that the maintenance feature is switched off. */
export function onFeatureDisabled(listener: () => void) {
  featureListeners.add(listener);
  return () => void featureListeners.delete(listener);
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const { token } = getSession();
  if (token && !OWN_TOKENS.has(url)) headers.set("Authorization", `Bearer ${token}`);
  try {
    return await fetch(url, { credentials: "same-origin", ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError(url);
  }
}

/** fetch() with the session: an expired token is renewed and the request goes on. Throws ApiError, OfflineError. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  // Sent again after a renewed token, the same key makes the server answer once.
  if (init.method === "POST" && !headers.has("Idempotency-Key"))
    headers.set("Idempotency-Key", crypto.randomUUID());
  const used = getSession().token;
  let response = await send(url, { ...init, headers });
  if (response.status === 401 && !OWN_TOKENS.has(url) && (await renewSession(used)))
    response = await send(url, { ...init, headers });
  if (response.ok) return response;
  const error = await problemOf(response);
  if (error.code === "feature_disabled") for (const listener of featureListeners) listener();
  throw error;
}

/** What the generated client calls. */
export async function http<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await request(url, init);
  const text = await response.text();
  if (!text) return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiError({ status: 502, title: "The answer was not JSON" });
  }
}
