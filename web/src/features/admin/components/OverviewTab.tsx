import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Card, Group, Stack, Switch, Text, Title } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useErrorText } from "../../../lib/errorText";
import { MAINTENANCE, useMaintenanceEnabled } from "../../../lib/features";
import { notify } from "../../../lib/notify";
import { Loaded } from "../../../ui/Loaded";
import { useSwitchFeature } from "../api/flags";
import { runsQuery, useRunNow } from "../api/runs";
import { RunChart } from "./RunChart";
import { RunTable } from "./RunTable";

export function OverviewTab() {
  const enabled = useMaintenanceEnabled();
  return (
    <Stack gap="lg">
      <FlagCard enabled={!!enabled} />
      {enabled && <Runs />}
    </Stack>
  );
}

function FlagCard({ enabled }: { enabled: boolean }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const flag = useSwitchFeature();
  return (
    <Card component="section">
      {flag.error && (
        <Alert color="red" role="alert" mb="md">
          {errorText(flag.error)}
        </Alert>
      )}
      <Switch
        size="md"
        label={t`Maintenance scheduling`}
        description={t`Off: plans and records are kept, nobody sees them and nobody is reminded. It takes effect within five seconds.`}
        checked={enabled}
        disabled={flag.isPending}
        onChange={(event) => flag.mutate({ name: MAINTENANCE, enabled: event.currentTarget.checked })}
      />
    </Card>
  );
}

function Runs() {
  const { t } = useLingui();
  const errorText = useErrorText();
  const runs = useQuery(runsQuery);
  const runNow = useRunNow();
  const start = () =>
    runNow.mutate(undefined, {
      onSuccess: () => void notify({ message: t`The check is running. Its figures appear below.` }),
      onError: (error) => void notify({ message: errorText(error), tone: "problem" }),
    });
  return (
    <Card component="section">
      <Group justify="space-between" mb="md">
        <div>
          <Title order={2} size="h5">
            <Trans>Runs of the daily check</Trans>
          </Title>
          <Text size="sm" c="dimmed">
            <Trans>Each looks for what is due or overdue and tells the right people.</Trans>
          </Text>
        </div>
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={runNow.isPending}
          onClick={start}
        >
          <Trans>Run now</Trans>
        </Button>
      </Group>
      <Loaded
        query={runs}
        empty={(items) =>
          items.length === 0 && (
            <Text size="sm" c="dimmed">
              <Trans>No run yet.</Trans>
            </Text>
          )
        }
      >
        {(items) => (
          <Stack gap="lg">
            <RunChart runs={items} />
            <RunTable runs={items} />
          </Stack>
        )}
      </Loaded>
    </Card>
  );
}
