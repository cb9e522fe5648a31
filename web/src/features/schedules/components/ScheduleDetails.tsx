import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Card, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { IconClipboardCheck, IconPencil } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useCommunityZone } from "../../../lib/features";
import { can } from "../../../lib/policy";
import { useUser } from "../../../lib/session";
import { useTime } from "../../../lib/time";
import { Link } from "../../../ui/Link";
import { Markdown } from "../../../ui/Markdown";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { Schedule } from "../api/schedules";
import { spoken } from "../lib/rrule";
import { useRuleWords } from "../lib/words";
import { AlertHistory } from "./AlertHistory";
import { DeleteButton } from "./DeleteButton";
import { NextDates } from "./NextDates";
import { LinkButton } from "../../../ui/LinkButton";

interface Props {
  schedule: Schedule;
  /** The record of work done, which another room of the house shows. */
  history: ReactNode;
}

export function ScheduleDetails({ schedule, history }: Props) {
  const user = useUser();
  const { id } = schedule;
  return (
    <>
      <PageHeader title={schedule.resource.name} note={schedule.schedule_type}>
        {can.writeSchedules(user) && (
          <>
            <DeleteButton schedule={schedule} />
            <LinkButton
              to={`/schedules/${id}/edit`}
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden />}
            >
              <Trans>Edit</Trans>
            </LinkButton>
          </>
        )}
        {can.logOn(user, schedule) && (
          <LinkButton to={`/schedules/${id}/log`} leftSection={<IconClipboardCheck size={18} aria-hidden />}>
            <Trans>Log work</Trans>
          </LinkButton>
        )}
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <State schedule={schedule} />
            {history}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <NextDates schedule={schedule} />
            <WhoIsTold schedule={schedule} />
            <AlertHistory scheduleId={id} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function State({ schedule }: { schedule: Schedule }) {
  const { t } = useLingui();
  const time = useTime();
  const words = useRuleWords();
  const { next_due_date: due, last_performed_at: last, end_date: end } = schedule;
  return (
    <Card component="section" aria-label={t`State`}>
      <Group justify="space-between" align="flex-start" mb="md">
        <div>
          <Text size="sm" c="dimmed">
            {!due ? t`Nothing more due` : schedule.status === "overdue" ? t`Was due` : t`Due next`}
          </Text>
          {due && (
            <>
              <Text fw={650} size="xl">
                {time.fromNow(due)}
              </Text>
              <Text size="sm">{time.dateTime(due)}</Text>
            </>
          )}
        </div>
        <StatusBadge status={schedule.status} />
      </Group>
      <Stack gap={6}>
        <Fact label={t`Repeats`}>{words(schedule)}</Fact>
        {schedule.rrule && !spoken(schedule.rrule) && <Fact label={t`Rule`}>{schedule.rrule}</Fact>}
        <Fact label={t`Assigned to`}>{schedule.assignee?.name ?? t`nobody`}</Fact>
        <Fact label={t`Done last`}>{last ? time.dateTime(last) : t`never yet`}</Fact>
        {end && <Fact label={t`Ends`}>{time.dateTime(end)}</Fact>}
      </Stack>
      {schedule.description && (
        <>
          <Title order={2} size="h5" mt="lg" mb="xs">
            <Trans>What to do</Trans>
          </Title>
          <Markdown>{schedule.description}</Markdown>
        </>
      )}
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="md" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={110} flex="none">
        {label}
      </Text>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </Group>
  );
}

/** The rule by which the daily check chooses whom to tell, in words. */
function WhoIsTold({ schedule }: { schedule: Schedule }) {
  const zone = useCommunityZone().replaceAll("_", " ");
  const name = schedule.assignee?.name;
  return (
    <Card component="section">
      <Title order={2} size="h5" mb="xs">
        <Trans>Who is told, and when</Trans>
      </Title>
      <Text size="sm">
        {name ? (
          <Trans>{name} is told the day before it is due, and every day until it is done.</Trans>
        ) : (
          <Trans>
            The owner of the thing is told the day before it is due, and every day until it is done.
          </Trans>
        )}{" "}
        <Trans>After seven days overdue, the owner and the admins are told as well.</Trans>
      </Text>
      <Text size="sm" c="dimmed" mt="xs">
        <Trans>Due times are in {zone}.</Trans>{" "}
        <Anchor component={Link} to="/notifications/preferences" size="sm">
          <Trans>How am I told?</Trans>
        </Anchor>
      </Text>
    </Card>
  );
}
