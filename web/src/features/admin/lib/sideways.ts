/** A table wider than its card: the bar shows that more follows, and the keyboard reaches it. */
export const SIDEWAYS = {
  type: "auto",
  offsetScrollbars: "present",
  viewportProps: { tabIndex: 0 },
} as const;
