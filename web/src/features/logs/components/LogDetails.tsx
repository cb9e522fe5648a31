import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { can } from "../../../lib/policy";
import { useUser } from "../../../lib/session";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { Link } from "../../../ui/Link";
import { Markdown } from "../../../ui/Markdown";
import { type Log, logQuery } from "../api/logs";
import { AddPhotos } from "./AddPhotos";
import { AmendButton, VoidButton } from "./ChangeLog";
import { Photos } from "./Photos";

/** Notes, photos and every version of one record. */
export function LogDetails({ log }: { log: Log }) {
  const user = useUser();
  const { t } = useLingui();
  return (
    <Stack gap="sm" py="xs" maw={760}>
      {log.voided_at && (
        <Alert color="gray" title={t`This record is void`}>
          {log.void_reason}
        </Alert>
      )}
      {log.notes ? (
        <Markdown>{log.notes}</Markdown>
      ) : (
        <Text size="sm" c="dimmed">
          <Trans>No notes.</Trans>
        </Text>
      )}
      <Photos photos={log.photos ?? []} />
      <Versions log={log} />
      <Group gap="sm" className="no-print">
        {log.schedule_id && (
          <Anchor component={Link} to={`/schedules/${log.schedule_id}`} size="sm" py={2} className="touch">
            <Trans>Open the plan</Trans>
          </Anchor>
        )}
        {can.addPhotos(user, log) && <AddPhotos log={log} />}
        {can.amendLogs(user) && !log.voided_at && (
          <>
            <AmendButton log={log} />
            <VoidButton log={log} />
          </>
        )}
      </Group>
    </Stack>
  );
}

function Versions({ log }: { log: Log }) {
  const time = useTime();
  const full = useQuery({ ...logQuery(log.id), enabled: log.version > 1 });
  if (log.version <= 1) return null;
  return (
    <Loaded query={full}>
      {({ history = [] }) => (
        <Stack gap={4}>
          {history
            .filter((version) => version.amend_reason)
            .map((version) => (
              <Text key={version.version} size="sm" c="dimmed">
                <Trans>
                  Amended {time.dateTime(version.updated_at)}: {version.amend_reason}
                </Trans>
              </Text>
            ))}
        </Stack>
      )}
    </Loaded>
  );
}
