import { getAdminAudit } from "../../../api/generated/client";
import { http } from "../../../lib/http";
import { pagedQuery } from "../../../lib/paged";

export type AuditEntry = Awaited<ReturnType<typeof getAdminAudit>>["items"][number];

export const auditQuery = pagedQuery(["audit"], (cursor, signal) =>
  getAdminAudit({ cursor, limit: 50 }, { signal }),
);

export interface OutboxMessage {
  id: string;
  channel: string;
  to: string | null;
  subject: string | null;
  text: string;
  status: string;
  created_at: string;
  attempts: number;
  last_error: string | null;
}

/** Mail and text messages as they went out, or as they are kept for want of a transport. */
export const outboxQuery = pagedQuery<OutboxMessage>(["outbox"], (cursor, signal) => {
  const params = new URLSearchParams({ limit: "30", ...(cursor && { cursor }) });
  return http(`/api/notifications/outbox?${params}`, { signal });
});
