import { t } from "@lingui/core/macro";
import type { ReactNode } from "react";

export interface Notice {
  message: ReactNode;
  title?: string;
  tone?: "done" | "problem" | "note";
  /** Milliseconds; false keeps it until it is closed. */
  autoClose?: number | false;
}

const COLORS = { done: "pine", problem: "red", note: "blue" };
let container: (() => void) | null = null;

/** The application registers what puts the container of notices on the page. */
export function onFirstNotice(mount: () => void) {
  container = mount;
}

/** Shows a notice at the foot of the page. Its code is fetched with the first one. */
export async function notify({
  message,
  title,
  tone = "done",
  autoClose = 6000,
}: Notice): Promise<() => void> {
  container?.();
  // Without a connection its code may be missing; the page itself then says what matters.
  const { notifications } = await import("@mantine/notifications").catch(() => ({ notifications: null }));
  if (!notifications) return () => undefined;
  const id = notifications.show({
    message,
    title,
    color: COLORS[tone],
    autoClose,
    withBorder: true,
    radius: "lg",
    closeButtonProps: { "aria-label": t`Close` },
  });
  return () => notifications.hide(id);
}
