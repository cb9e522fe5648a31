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

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 7 },
  colors: { pine },
  defaultRadius: "md",
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  cursorType: "pointer",
  components: {
    Card: { defaultProps: { withBorder: true, padding: "lg", radius: "lg" } },
    Modal: { defaultProps: { radius: "lg", centered: true } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200 } },
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
    "--app-background": "#141816",
    "--app-surface": "#1c211f",
    "--mantine-color-body": "#1c211f",
    "--mantine-color-dimmed": "#a9b4ae",
    "--mantine-color-placeholder": "#95a09a",
    "--mantine-color-error": "#ff9b91",
    "--mantine-color-anchor": "#88c9ae",
    "--mantine-color-default": "#232927",
    "--mantine-color-default-hover": "#2b3230",
    "--mantine-color-default-border": "#39423e",
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
