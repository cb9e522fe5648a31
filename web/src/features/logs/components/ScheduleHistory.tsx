import { Trans, useLingui } from "@lingui/react/macro";
import { Card, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { Link } from "../../../ui/Link";
import { Markdown } from "../../../ui/Markdown";
import { scheduleLogsQuery } from "../api/logs";
import { IssuesPill, VoidPill } from "./IssuesPill";
import { Photos } from "./Photos";

/** The last work done on one plan. */
export function ScheduleHistory({ scheduleId }: { scheduleId: string }) {
  const { t } = useLingui();
  const time = useTime();
  const logs = useQuery(scheduleLogsQuery(scheduleId));
  return (
    <Card component="section">
      <Title order={2} size="h5" mb="sm">
        <Trans>Work done</Trans>
      </Title>
      <Loaded
        query={logs}
        empty={(items) =>
          items.length === 0 && (
            <Text size="sm" c="dimmed">
              <Trans>Nothing has been logged yet.</Trans>
            </Text>
          )
        }
      >
        {(items) => (
          <Stack gap="lg">
            {items.map((log) => (
              <article key={log.id}>
                <Group gap="xs" mb={4}>
                  <Link to={`/logs/${log.id}`} className="row-link touch">
                    {time.weekday(log.performed_at)}
                  </Link>
                  <Text size="sm" c="dimmed">
                    {t`by ${log.performer?.name ?? "–"}`}
                  </Text>
                  <IssuesPill issues={log.issues_found} />
                  {log.voided_at && <VoidPill />}
                </Group>
                {log.notes && (
                  <Text size="sm" component="div">
                    <Markdown>{log.notes}</Markdown>
                  </Text>
                )}
                <Photos photos={log.photos ?? []} />
              </article>
            ))}
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
