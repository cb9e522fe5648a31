import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, Text } from "@mantine/core";
import { IconBellOff, IconCheck, IconClock, IconX, type Icon } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { useChannelName, useDeliveryStatusName, useSuppressionReason } from "../../../lib/names";
import { notify } from "../../../lib/notify";
import { useTime } from "../../../lib/time";
import { Pill } from "../../../ui/Pill";
import { deliveriesQuery, useReplay } from "../api/runs";
import { PagedTable } from "./PagedTable";

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
  const again = (id: string) =>
    replay.mutate(id, {
      onSuccess: () => void notify({ message: t`It is being sent again.` }),
      onError: (error) => void notify({ message: errorText(error), tone: "problem" }),
    });
  return (
    <>
      <Select
        label={t`State`}
        placeholder={t`Any`}
        clearable
        clearButtonProps={{ "aria-label": t`Clear` }}
        maw={260}
        mb="md"
        value={status}
        onChange={setStatus}
        data={Object.keys(LOOKS).map((value) => ({ value, label: statusName(value) }))}
      />
      <PagedTable
        query={deliveries}
        label={t`Deliveries`}
        empty={t`No deliveries here`}
        head={[t`Made`, t`To`, t`By`, t`State`, t`Attempts`, t`Remarks`, ""]}
        row={(delivery) => {
          const reason = delivery.suppressed_reason;
          const [tone, icon] = LOOKS[delivery.status] ?? ["neutral", IconClock];
          return [
            <Text key="at" size="sm" className="tabular">
              {time.dateTime(delivery.created_at)}
            </Text>,
            delivery.recipient?.name ?? "–",
            channelName(delivery.channel),
            <Pill key="state" tone={tone} icon={icon}>
              {statusName(delivery.status)}
            </Pill>,
            time.number(delivery.attempts),
            <Text key="error" size="xs" c="dimmed" lineClamp={2}>
              {delivery.last_error ?? (reason ? suppression(reason) : "–")}
            </Text>,
            delivery.status === "failed" && (
              <Button
                key="again"
                size="compact-sm"
                variant="light"
                loading={replay.isPending && replay.variables === delivery.id}
                onClick={() => again(delivery.id)}
              >
                <Trans>Send again</Trans>
              </Button>
            ),
          ];
        }}
      />
    </>
  );
}
