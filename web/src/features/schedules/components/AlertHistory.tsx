import { Trans, useLingui } from "@lingui/react/macro";
import { Card, Stack, Text, Title } from "@mantine/core";
import { IconBellOff, IconCheck, IconClock, IconX, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useChannelName, useDeliveryStatusName, useSuppressionReason } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { Pill } from "../../../ui/Pill";
import { alertsQuery, type ScheduleAlert } from "../api/schedules";

type Delivery = ScheduleAlert["deliveries"][number];

/** Answers "why did, or didn't, I get this?" from what was really planned and sent. */
export function AlertHistory({ scheduleId }: { scheduleId: string }) {
  const alerts = useQuery(alertsQuery(scheduleId));
  return (
    <Card component="section">
      <Title order={2} size="h5" mb="xs">
        <Trans>Why did, or didn't, I get this?</Trans>
      </Title>
      <Loaded
        query={alerts}
        empty={(items) =>
          items.length === 0 && (
            <Text size="sm" c="dimmed">
              <Trans>No reminder has been due yet: the first one goes out the day before the due date.</Trans>
            </Text>
          )
        }
      >
        {(items) => (
          <Stack gap="md">
            {items.map((alert) => (
              <AlertWords key={alert.id} alert={alert} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}

function AlertWords({ alert }: { alert: ScheduleAlert }) {
  const time = useTime();
  const day = time.date(alert.alert_day);
  const due = time.date(alert.due_date);
  const name = alert.recipient.name;
  return (
    <div>
      <Text size="sm">
        {alert.stage === "overdue" ? (
          <Trans>
            {day}: overdue since {due}, so {name} was to be told.
          </Trans>
        ) : (
          <Trans>
            {day}: due on {due}, so {name} was to be told.
          </Trans>
        )}{" "}
        {alert.escalation && <Trans>It was more than a week late, so this went higher.</Trans>}
      </Text>
      <Stack gap={4} mt={6}>
        {alert.deliveries.map((delivery) => (
          <DeliveryWords key={delivery.id} delivery={delivery} />
        ))}
      </Stack>
    </div>
  );
}

const LOOKS: Record<string, [tone: string, icon: Icon]> = {
  sent: ["completed", IconCheck],
  pending: ["scheduled", IconClock],
  failed: ["overdue", IconX],
  suppressed: ["neutral", IconBellOff],
};

function DeliveryWords({ delivery }: { delivery: Delivery }) {
  const channelName = useChannelName();
  const statusName = useDeliveryStatusName();
  const reason = useReason();
  const [tone, icon] = LOOKS[delivery.status] ?? ["neutral", IconClock];
  return (
    <Text size="sm" c="dimmed" component="div">
      <Pill tone={tone} icon={icon}>
        {channelName(delivery.channel)}: {statusName(delivery.status)}
      </Pill>{" "}
      {reason(delivery)}
    </Text>
  );
}

function useReason() {
  const { t } = useLingui();
  const time = useTime();
  const suppression = useSuppressionReason();
  return ({ status, attempts, last_error, sent_at, suppressed_reason }: Delivery) => {
    if (status === "sent" && sent_at) return time.dateTime(sent_at);
    if (status === "suppressed") return suppressed_reason ? suppression(suppressed_reason) : "";
    if (status === "failed") return t`after ${attempts} attempts: ${last_error ?? ""}`;
    return last_error ? t`will be tried again: ${last_error}` : "";
  };
}
