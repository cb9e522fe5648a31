import { useMutation } from "@tanstack/react-query";
import { request } from "../../../lib/http";
import type { LogFilters } from "./logs";

/** Saves the filtered records as a CSV file. */
export function useExportLogs() {
  return useMutation({
    mutationFn: async (filters: LogFilters) => {
      const params = new URLSearchParams();
      for (const [name, value] of Object.entries(filters)) if (value) params.set(name, String(value));
      const response = await request(`/api/maintenance/logs/export?${params}`);
      save(await response.blob(), `maintenance-log-${new Date().toISOString().slice(0, 10)}.csv`);
    },
  });
}

function save(blob: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
