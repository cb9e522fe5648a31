import "@mantine/charts/styles.css";
import { useLingui } from "@lingui/react/macro";
import { BarChart } from "@mantine/charts";
import { useTime } from "../../../lib/time";
import type { Run } from "../api/runs";

const SHOWN = 14;

export function RunChart({ runs }: { runs: Run[] }) {
  const { t } = useLingui();
  const time = useTime();
  const data = runs
    .slice(0, SHOWN)
    .toReversed()
    .map((run) => ({
      ...run,
      day: `${time.shortDate(run.scheduled_for)} ${time.time(run.scheduled_for).slice(0, 5)}`,
    }));
  return (
    <BarChart
      h={220}
      data={data}
      dataKey="day"
      type="stacked"
      withLegend
      role="img"
      aria-label={t`Messages sent, failed and kept back in the last runs`}
      series={[
        { name: "sent", label: t`Sent`, color: "pine.6" },
        { name: "failed", label: t`Failed`, color: "red.7" },
        { name: "suppressed", label: t`Not sent`, color: "gray.5" },
      ]}
      barProps={{ radius: 3, isAnimationActive: false }}
      maxBarWidth={36}
    />
  );
}
