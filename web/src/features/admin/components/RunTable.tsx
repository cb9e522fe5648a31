import { Trans, useLingui } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { useDeliveryStatusName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import type { Run } from "../api/runs";
import { SIDEWAYS } from "../lib/sideways";

export function RunTable({ runs }: { runs: Run[] }) {
  const { t } = useLingui();
  const time = useTime();
  const statusName = useDeliveryStatusName();
  const triggers: Record<string, string> = { cron: t`daily`, catch_up: t`caught up`, manual: t`by hand` };
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : time.number(value);
  return (
    <Table.ScrollContainer minWidth={760} scrollAreaProps={SIDEWAYS}>
      <Table verticalSpacing="xs" className="tabular">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>For</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>Started</Trans>
            </Table.Th>
            <Table.Th>
              <Trans>State</Trans>
            </Table.Th>
            {[t`Plans`, t`Alerts`, t`Sent`, t`Failed`, t`Not sent`, t`Seconds`].map((title) => (
              <Table.Th key={title} ta="right">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>{time.dateTime(run.scheduled_for)}</Table.Td>
              <Table.Td>{triggers[run.trigger] ?? run.trigger}</Table.Td>
              <Table.Td>
                <Text size="sm">{statusName(run.status)}</Text>
              </Table.Td>
              {[run.schedules_checked, run.alerts_created, run.sent, run.failed, run.suppressed].map(
                (value, at) => (
                  <Table.Td key={at} ta="right">
                    {number(value)}
                  </Table.Td>
                ),
              )}
              <Table.Td ta="right">{number(run.seconds)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
