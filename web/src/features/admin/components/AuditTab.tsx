import { useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTime } from "../../../lib/time";
import { Pill } from "../../../ui/Pill";
import { type AuditEntry, auditQuery } from "../api/trail";
import { useActionName } from "../lib/actions";
import { useDetailText } from "../lib/details";
import { type Column, PagedTable } from "../../../ui/PagedTable";

export function AuditTab() {
  const { t } = useLingui();
  const time = useTime();
  const actionName = useActionName();
  const trail = useInfiniteQuery(auditQuery);
  const columns: Column<AuditEntry>[] = [
    {
      title: t`When`,
      slot: "plain",
      cell: (entry) => (
        <Text size="sm" className="tabular">
          {time.dateTime(entry.at)}
        </Text>
      ),
    },
    { title: t`Who`, slot: "lead", cell: (entry) => entry.actor_name ?? t`the system` },
    { title: t`What`, slot: "plain", cell: (entry) => actionName(entry.action) },
    {
      title: t`Outcome`,
      slot: "state",
      cell: ({ outcome }) =>
        outcome === "refused" ? (
          <Pill tone="neutral" icon={IconBan}>{t`Refused`}</Pill>
        ) : (
          <Pill tone="completed" icon={IconCheck}>{t`Done`}</Pill>
        ),
    },
    { title: t`Details`, slot: "plain", cell: (entry) => <Details of={entry.detail} /> },
  ];
  return (
    <PagedTable query={trail} label={t`Audit trail`} empty={t`Nothing recorded yet`} columns={columns} />
  );
}

function Details({ of: detail }: { of: AuditEntry["detail"] }) {
  const text = useDetailText()(detail);
  return (
    text && (
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {text}
      </Text>
    )
  );
}
