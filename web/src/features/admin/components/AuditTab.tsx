import { useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTime } from "../../../lib/time";
import { Pill } from "../../../ui/Pill";
import { auditQuery } from "../api/trail";
import { useActionName } from "../lib/actions";
import { PagedTable } from "./PagedTable";

export function AuditTab() {
  const { t } = useLingui();
  const time = useTime();
  const actionName = useActionName();
  const trail = useInfiniteQuery(auditQuery);
  return (
    <PagedTable
      query={trail}
      label={t`Audit trail`}
      empty={t`Nothing recorded yet`}
      head={[t`When`, t`Who`, t`What`, t`Outcome`, t`Details`]}
      row={(entry) => [
        <Text key="at" size="sm" className="tabular">
          {time.dateTime(entry.at)}
        </Text>,
        entry.actor_name ?? t`the system`,
        <Text key="what" size="sm">
          {actionName(entry.action)}
        </Text>,
        entry.outcome === "ok" || entry.outcome === "done" ? (
          <Pill key="outcome" tone="completed" icon={IconCheck}>{t`Done`}</Pill>
        ) : (
          <Pill key="outcome" tone="neutral" icon={IconBan}>
            {entry.outcome}
          </Pill>
        ),
        <Text key="detail" size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {detailText(entry.detail)}
        </Text>,
      ]}
    />
  );
}

function detailText(detail: unknown): string {
  if (!detail || typeof detail !== "object") return detail ? String(detail) : "";
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(" · ");
}
