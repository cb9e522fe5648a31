import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Select, Text } from "@mantine/core";
import { IconBellOff, IconCheck, IconClock, IconX, type Icon } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { useChannelName, useDeliveryStatusName, useSuppressionReason } from "../../../lib/names";
import { notify } from "../../../lib/notify";
import { useTime } from "../../../lib/time";
import { Pill } from "../../../ui/Pill";
import { type Column, PagedTable } from "../../../ui/PagedTable";
import { type Delivery, deliveriesQuery, useReplay, useReplayAll } from "../api/runs";

const LOOKS: Record<string, [tone: string, icon: Icon]> = {
  sent: ["completed", IconCheck],
  pending: ["scheduled", IconClock],
  failed: ["overdue", IconX],
  suppressed: ["neutral", IconBellOff],
};

export function DeliveriesTab() {
  const { t } = useLingui();
  const time = useTime();
  const channelName = useChannelName();
  const statusName = useDeliveryStatusName();
  const suppression = useSuppressionReason();
  const errorText = useErrorText();
  const [status, setStatus] = useState<string | null>(null);
  const deliveries = useInfiniteQuery(deliveriesQuery(status ?? undefined));
  const replay = useReplay();
  const replayAll = useReplayAll();
  const told = (message: string) => ({
    onSuccess: () => void notify({ message }),
    onError: (error: Error) => void notify({ message: errorText(error), tone: "problem" }),
  });
  const again = (id: string) => replay.mutate(id, told(t`It is being sent again.`));
  const anyFailed = status === "failed" && deliveries.data?.pages.some(({ items }) => items.length > 0);
  const columns: Column<Delivery>[] = [
    {
      title: t`Made`,
      slot: "plain",
      cell: (delivery) => (
        <Text size="sm" className="tabular">
          {time.dateTime(delivery.created_at)}
        </Text>
      ),
    },
    { title: t`To`, slot: "lead", cell: (delivery) => delivery.recipient?.name ?? "–" },
    { title: t`By`, slot: "plain", cell: (delivery) => channelName(delivery.channel) },
    {
      title: t`State`,
      slot: "state",
      cell: (delivery) => {
        const [tone, icon] = LOOKS[delivery.status] ?? ["neutral", IconClock];
        return (
          <Pill tone={tone} icon={icon}>
            {statusName(delivery.status)}
          </Pill>
        );
      },
    },
    { title: t`Attempts`, cell: (delivery) => time.number(delivery.attempts) },
    {
      title: t`Remarks`,
      slot: "plain",
      cell: ({ last_error, suppressed_reason }) =>
        (last_error || suppressed_reason) && (
          <Text size="xs" c="dimmed">
            {last_error ?? suppression(suppressed_reason!)}
          </Text>
        ),
    },
    {
      title: t`Actions`,
      slot: "actions",
      cell: (delivery) =>
        delivery.status === "failed" && (
          <Button
            size="compact-sm"
            variant="light"
            loading={replay.isPending && replay.variables === delivery.id}
            onClick={() => again(delivery.id)}
          >
            <Trans>Send again</Trans>
          </Button>
        ),
    },
  ];
  return (
    <>
      <Group align="end" mb="md">
        <Select
          label={t`State`}
          placeholder={t`Any`}
          clearable
          clearButtonProps={{ "aria-label": t`Clear` }}
          maw={260}
          value={status}
          onChange={setStatus}
          data={Object.keys(LOOKS).map((value) => ({ value, label: statusName(value) }))}
        />
        {anyFailed && (
          <Button
            variant="light"
            loading={replayAll.isPending}
            onClick={() => replayAll.mutate(undefined, told(t`They are being sent again.`))}
          >
            <Trans>Send all again</Trans>
          </Button>
        )}
      </Group>
      <PagedTable query={deliveries} label={t`Deliveries`} empty={t`No deliveries here`} columns={columns} />
    </>
  );
}
