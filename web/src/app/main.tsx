import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import "./app.css";
import "./touch.css";
import { createRoot } from "react-dom/client";
import { activate, preferredLocale } from "../lib/i18n";
import { App } from "./App";
import { printInLight } from "./print";

printInLight();
await activate(preferredLocale());

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(<App />);

if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("/sw.js");
