const ATTRIBUTE = "data-mantine-color-scheme";

/** Paper is light: a dark screen prints as if it were not. */
export function printInLight() {
  const root = document.documentElement;
  let shown: string | null = null;
  addEventListener("beforeprint", () => {
    shown = root.getAttribute(ATTRIBUTE);
    root.setAttribute(ATTRIBUTE, "light");
  });
  addEventListener("afterprint", () => shown && root.setAttribute(ATTRIBUTE, shown));
}
