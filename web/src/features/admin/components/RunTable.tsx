import { useLingui } from "@lingui/react/macro";
import { useDeliveryStatusName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import type { Run } from "../api/runs";
import { CardTable } from "../../../ui/CardTable";
import classes from "./Admin.module.css";

export function RunTable({ runs }: { runs: Run[] }) {
  const { t } = useLingui();
  const time = useTime();
  const statusName = useDeliveryStatusName();
  const triggers: Record<string, string> = { cron: t`daily`, catch_up: t`caught up`, manual: t`by hand` };
  const number = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : time.number(value);
  const figures: [string, (run: Run) => number | null | undefined][] = [
    [t`Plans`, (run) => run.schedules_checked],
    [t`Alerts`, (run) => run.alerts_created],
    [t`Sent`, (run) => run.sent],
    [t`Failed`, (run) => run.failed],
    [t`Not sent`, (run) => run.suppressed],
    [t`Seconds`, (run) => run.seconds],
  ];
  return (
    <CardTable verticalSpacing="xs" className={`tabular ${classes.runs}`}>
      <CardTable.Head>
        <CardTable.Row>
          {[t`For`, t`Started`, t`State`].map((title) => (
            <CardTable.Title key={title}>{title}</CardTable.Title>
          ))}
          {figures.map(([title]) => (
            <CardTable.Title key={title} ta="right">
              {title}
            </CardTable.Title>
          ))}
        </CardTable.Row>
      </CardTable.Head>
      <CardTable.Body>
        {runs.map((run) => (
          <CardTable.Row key={run.id}>
            <CardTable.Cell data-slot="lead">{time.dateTime(run.scheduled_for)}</CardTable.Cell>
            <CardTable.Cell data-slot="plain">{triggers[run.trigger] ?? run.trigger}</CardTable.Cell>
            <CardTable.Cell data-slot="state">{statusName(run.status)}</CardTable.Cell>
            {figures.map(([title, figure]) => (
              <CardTable.Cell key={title} ta="right" data-slot="value" data-title={title}>
                {number(figure(run))}
              </CardTable.Cell>
            ))}
          </CardTable.Row>
        ))}
      </CardTable.Body>
    </CardTable>
  );
}
