import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { http } from "../../../lib/http";

// The Notification Service is an application of its own; its addresses are not in the API's document.
const BASE = "/api/notifications";

export interface InboxMessage {
  id: string;
  subject: string;
  text: string;
  category: string;
  url: string | null;
  created_at: string;
  read_at: string | null;
}

interface InboxPage {
  items: InboxMessage[];
  next_cursor: string | null;
  unread: number;
}

export function inboxQuery(unread?: boolean) {
  return infiniteQueryOptions({
    queryKey: ["notifications", "inbox", unread ?? false],
    queryFn: ({ pageParam, signal }) => {
      const params = new URLSearchParams({ limit: "30" });
      if (unread) params.set("unread", "true");
      if (pageParam) params.set("cursor", pageParam);
      return http<InboxPage>(`${BASE}?${params}`, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: async ({ signal }) => (await http<InboxPage>(`${BASE}?limit=1`, { signal })).unread,
  staleTime: Infinity,
});

/** Marks one message as read, or all of them without an id. */
export function useMarkRead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id?: string) => http<void>(`${BASE}/${id ? `${id}/read` : "read-all"}`, { method: "POST" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
