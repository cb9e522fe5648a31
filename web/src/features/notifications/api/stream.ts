import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { request } from "../../../lib/http";
import { useSession } from "../../../lib/session";
import { unreadQuery } from "./notifications";

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;

/** Keeps the unread count live. EventSource cannot send a token, so the stream is read with fetch. */
export function useUnreadStream() {
  const client = useQueryClient();
  const { token } = useSession();
  useEffect(() => {
    if (!token) return;
    const abort = new AbortController();
    const told = (unread: number) => {
      const before = client.getQueryData(unreadQuery.queryKey);
      client.setQueryData(unreadQuery.queryKey, unread);
      if (before !== undefined && before !== unread)
        void client.invalidateQueries({ queryKey: ["notifications", "inbox"] });
    };
    void keepReading(abort.signal, told);
    return () => abort.abort();
  }, [client, token]);
}

async function keepReading(signal: AbortSignal, told: (unread: number) => void) {
  for (let wait = FIRST_RETRY_MS; !signal.aborted; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
    try {
      await read(signal, (unread) => {
        wait = FIRST_RETRY_MS;
        told(unread);
      });
    } catch {
      // Away for a while: the next attempt says so again, or works.
    }
    if (!signal.aborted) await pause(wait, signal);
  }
}

async function read(signal: AbortSignal, told: (unread: number) => void) {
  const response = await request("/api/notifications/stream", {
    signal,
    headers: { Accept: "text/event-stream" },
  });
  if (!response.body) return;
  let rest = "";
  for await (const chunk of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    const events = (rest + chunk).split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    for (const event of events) {
      const unread = unreadOf(event);
      if (unread !== undefined) told(unread);
    }
  }
}

async function* chunks(stream: ReadableStream<string>) {
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
}

/** The count in one server-sent event, if it is one of ours. */
export function unreadOf(event: string): number | undefined {
  const lines = event.split(/\r?\n/);
  if (!lines.some((line) => /^event: ?unread$/.test(line))) return undefined;
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim());
  const { unread } = JSON.parse(data.join("\n")) as { unread?: unknown };
  return typeof unread === "number" ? unread : undefined;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
