import type { PluginInput } from "@fullcalendar/react";
import { useEffect, useState } from "react";

/** What FullCalendar needs to drag entries; fetched when a pointer is there that could. */
export function useDrag(wanted: boolean): PluginInput | null {
  const [plugin, setPlugin] = useState<PluginInput | null>(null);
  useEffect(() => {
    if (!wanted) return;
    const load = async () => {
      const { default: interaction } = await import("@fullcalendar/react/interaction");
      setPlugin(interaction);
    };
    const stop = new AbortController();
    addEventListener("pointermove", () => void load(), { once: true, signal: stop.signal });
    return () => stop.abort();
  }, [wanted]);
  return plugin;
}
