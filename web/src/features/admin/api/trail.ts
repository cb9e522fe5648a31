import { getAdminAudit } from "../../../api/generated/client";
import { getNotificationsOutbox } from "../../../api/generated/notifications/client";
import type { OutboxItem } from "../../../api/generated/notifications/model";
import { pagedQuery } from "../../../lib/paged";

export type AuditEntry = Awaited<ReturnType<typeof getAdminAudit>>["items"][number];

export const auditQuery = pagedQuery(["audit"], (cursor, signal) =>
  getAdminAudit({ cursor, limit: 50 }, { signal }),
);

export type OutboxMessage = OutboxItem;

/** Mail and text messages as they went out, or as they are kept for want of a transport. */
export const outboxQuery = pagedQuery(["outbox"], (cursor, signal) =>
  getNotificationsOutbox({ limit: 30, cursor }, { signal }),
);
