import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getNotificationsPreferences,
  putNotificationsPreferences,
} from "../../../api/generated/notifications/client";
import type { Choice } from "../../../api/generated/notifications/model";

export type { Channels, ShownPreferences } from "../../../api/generated/notifications/model";

export const preferencesQuery = queryOptions({
  queryKey: ["notifications", "preferences"],
  queryFn: ({ signal }) => getNotificationsPreferences({ signal }),
});

export function useSavePreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Choice) => putNotificationsPreferences(body),
    onSuccess: (saved) => client.setQueryData(preferencesQuery.queryKey, saved),
  });
}
