import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http } from "../../../lib/http";

const URL = "/api/notifications/preferences";

export type Channel = "email" | "sms" | "in_app";
export type Channels = Record<Channel, boolean>;

export interface Preferences {
  channels: Record<string, Channels>;
  quiet_hours: { start: string; end: string } | null;
  timezone: string | null;
}

/** What holds for a category nobody has chosen anything for. */
export interface ShownPreferences extends Preferences {
  defaults?: Channels;
}

export const preferencesQuery = queryOptions({
  queryKey: ["notifications", "preferences"],
  queryFn: ({ signal }) => http<ShownPreferences>(URL, { signal }),
});

export function useSavePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Preferences) =>
      http<ShownPreferences>(URL, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    onSuccess: (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
  });
}
