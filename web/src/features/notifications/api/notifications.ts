import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getNotifications,
  postNotificationsByIdRead,
  postNotificationsReadAll,
} from "../../../api/generated/notifications/client";
import type { InboxItem } from "../../../api/generated/notifications/model";

export type InboxMessage = InboxItem;

export function inboxQuery(unread?: boolean) {
  return infiniteQueryOptions({
    queryKey: ["notifications", "inbox", unread ?? false],
    queryFn: ({ pageParam, signal }) =>
      getNotifications({ limit: 30, cursor: pageParam, unread: unread || undefined }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: async ({ signal }) => (await getNotifications({ limit: 1 }, { signal })).unread,
  staleTime: Infinity,
});

/** Marks one message as read, or all of them without an id. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id?: string) => (id ? postNotificationsByIdRead(id) : postNotificationsReadAll()),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
