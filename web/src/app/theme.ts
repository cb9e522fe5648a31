import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#eef8f4",
  "#dbeee6",
  "#b3dccb",
  "#88c9ae",
  "#62b994",
  "#48ab82",
  "#2c8f6a",
  "#1d7656",
  "#145f45",
  "#0c4a35",
];

// A trace of green in the greys: cards (6) stand out from the page (8).
const dark: MantineColorsTuple = [
  "#d8dfdb",
  "#b4beb9",
  "#8f9a95",
  "#616c67",
  "#3a433f",
  "#2c3331",
  "#1d2320",
  "#1d2320",
  "#131715",
  "#0d100f",
];

// The list itself scrolls: it is what the field names as its popup.
const OPTIONS = {
  defaultProps: {
    withScrollArea: false,
    styles: { options: { maxHeight: 240, overflowY: "auto" as const } },
  },
};

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 7 },
  colors: { pine, dark },
  defaultRadius: "md",
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  cursorType: "pointer",
  components: {
    Card: { defaultProps: { withBorder: true, padding: "lg", radius: "lg" } },
    Anchor: { defaultProps: { underline: "always" } },
    Modal: {
      defaultProps: { radius: "lg", centered: true },
      // The kit leaves it where the page around it begins, which is beside the menu.
      styles: { inner: { insetInline: 0 }, title: { fontWeight: 650 } },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200 } },
    // A dialog's head is not the page's.
    ModalHeader: { defaultProps: { role: "none" } },
    Select: OPTIONS,
    Autocomplete: OPTIONS,
    Loader: { defaultProps: { type: "dots" } },
  },
});

/** Mantine's own greys fall below 4.5 : 1 on our backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--app-background": "#f5f7f6",
    "--app-surface": "#ffffff",
    "--mantine-color-dimmed": "#55605b",
    "--mantine-color-placeholder": "#66706b",
    "--mantine-color-error": "#b42318",
    "--status-scheduled": "#1c5fa8",
    "--status-scheduled-soft": "#e8f0fa",
    "--status-due_soon": "#8a5200",
    "--status-due_soon-soft": "#fdf1dc",
    "--status-overdue": "#b42318",
    "--status-overdue-soft": "#fdeceb",
    "--status-completed": "#1d6b4b",
    "--status-completed-soft": "#e4f4ec",
    "--status-neutral": "#55605b",
    "--status-neutral-soft": "#eceff0",
  },
  dark: {
    "--app-background": "#131715",
    "--app-surface": "#1d2320",
    "--mantine-color-dimmed": "#a9b4ae",
    "--mantine-color-placeholder": "#95a09a",
    "--mantine-color-error": "#ff9b91",
    "--mantine-color-anchor": "#88c9ae",
    "--mantine-color-default-border": "#3a433f",
    // A pressed or chosen part rises from the card; the kit's would sink below it.
    "--mantine-color-pine-light": "#1f3a2f",
    "--mantine-color-pine-light-hover": "#274839",
    "--mantine-color-pine-light-color": "#b3dccb",
    "--status-scheduled": "#9cc4f2",
    "--status-scheduled-soft": "#1b2c40",
    "--status-due_soon": "#f2c078",
    "--status-due_soon-soft": "#38290f",
    "--status-overdue": "#ff9b91",
    "--status-overdue-soft": "#421b18",
    "--status-completed": "#86d3ad",
    "--status-completed-soft": "#15331f",
    "--status-neutral": "#a9b4ae",
    "--status-neutral-soft": "#2a302d",
  },
});
