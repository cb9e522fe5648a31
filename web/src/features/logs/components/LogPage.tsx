import { useLingui } from "@lingui/react/macro";
import { Card, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { usePathId } from "../../../lib/navigation";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { PageHeader } from "../../../ui/PageHeader";
import { logQuery } from "../api/logs";
import { IssuesPill, VoidPill } from "./IssuesPill";
import { LogDetails } from "./LogDetails";

export function LogPage() {
  const { t } = useLingui();
  const time = useTime();
  const id = usePathId();
  const log = useQuery(logQuery(id));
  return (
    <Loaded query={log} wholePage>
      {(one) => (
        <>
          <PageHeader title={one.resource?.name ?? ""} note={one.schedule_type ?? t`Unplanned`} />
          <Card>
            <Group gap="sm" mb="md">
              <Text fw={600}>{time.dateTime(one.performed_at)}</Text>
              <Text c="dimmed">{t`by ${one.performer?.name ?? "–"}`}</Text>
              {one.voided_at ? <VoidPill /> : <IssuesPill issues={one.issues_found} />}
            </Group>
            <LogDetails log={one} />
          </Card>
        </>
      )}
    </Loaded>
  );
}
