import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCloudUpload } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { notify } from "../../../lib/notify";
import { discard, flush, onSent, startQueue, useWaiting, type Waiting } from "../lib/queue";
import { useRefusal } from "../lib/refusal";

/** Says what has been logged and not reached the server yet, on every page. */
export function QueueBanner() {
  const { t } = useLingui();
  const client = useQueryClient();
  const all = useWaiting();
  useEffect(startQueue, []);
  useEffect(
    () =>
      onSent(({ title }) => {
        void client.invalidateQueries({ queryKey: ["maintenance"] });
        void notify({ message: t`Logged: ${title}` });
      }),
    [client, t],
  );
  const waiting = all.filter(({ refused }) => !refused);
  return (
    <>
      {waiting.length > 0 && (
        <Alert color="yellow" mb="md" role="status" icon={<IconCloudUpload />}>
          <Group justify="space-between">
            <Text size="sm">
              <Plural
                value={waiting.length}
                one="# record of work waits for a connection. It is kept on this device."
                other="# records of work wait for a connection. They are kept on this device."
              />
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => void flush()}>
              <Trans>Send now</Trans>
            </Button>
          </Group>
        </Alert>
      )}
      {all.map((entry) => entry.refused && <Refused key={entry.key} entry={entry} />)}
    </>
  );
}

function Refused({ entry }: { entry: Waiting }) {
  const { t } = useLingui();
  const refusal = useRefusal();
  return (
    <Alert
      color="red"
      mb="md"
      role="alert"
      icon={<IconAlertTriangle />}
      title={t`Not logged: ${entry.title}`}
    >
      <Group justify="space-between">
        <Text size="sm">{entry.refused && refusal(entry.refused)}</Text>
        <Button size="compact-sm" variant="default" onClick={() => void discard(entry.key)}>
          <Trans>Understood</Trans>
        </Button>
      </Group>
    </Alert>
  );
}
