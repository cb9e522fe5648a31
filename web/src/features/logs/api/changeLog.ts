import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteMaintenanceLogsById, patchMaintenanceLogsById } from "../../../api/generated/client";
import { sendPhotos } from "./sendLog";

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["maintenance"] });
}

interface Amendment {
  id: string;
  reason: string;
  notes: string;
  issues_found: "none" | "minor" | "major";
}

/** Adds a corrected version; the first one stays readable. */
export function useAmendLog() {
  return useMutation({
    mutationFn: ({ id, ...body }: Amendment) => patchMaintenanceLogsById(id, body as never),
    onSuccess: useRefresh(),
  });
}

/** Declares a record void; it stays readable, and the occurrence it closed may open again. */
export function useVoidLog() {
  return useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      deleteMaintenanceLogsById(id, undefined, { reason }),
    onSuccess: useRefresh(),
  });
}

export function useAddPhotos() {
  return useMutation({
    mutationFn: ({ id, photos }: { id: string; photos: File[] }) => sendPhotos(id, photos),
    onSuccess: useRefresh(),
  });
}
