import { Trans } from "@lingui/react/macro";
import { Card, List, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { previewQuery, type Schedule } from "../api/schedules";

const SHOWN = 5;

/** The dates after now, if everything is done on time. */
export function NextDates({ schedule }: { schedule: Schedule }) {
  const time = useTime();
  const { next_due_date: due } = schedule;
  const dates = useQuery({
    ...previewQuery({
      frequency: schedule.frequency,
      interval: schedule.interval,
      rrule: schedule.rrule,
      recurrence_mode: schedule.recurrence_mode,
      start_date: schedule.recurrence_mode === "floating" && due ? due : schedule.start_date,
      end_date: schedule.end_date,
      count: 60,
    }),
    enabled: !!due,
  });
  if (!due) return null;
  return (
    <Card component="section">
      <Title order={2} size="h5" mb="xs">
        <Trans>Next dates</Trans>
      </Title>
      <Loaded query={dates}>
        {(all) => {
          const coming = [due, ...all.filter((date) => Date.parse(date) > Date.parse(due))].slice(0, SHOWN);
          return (
            <>
              <List size="sm" spacing={4} listStyleType="none">
                {coming.map((date) => (
                  <List.Item key={date} className="tabular">
                    {time.dateTime(date)}
                  </List.Item>
                ))}
              </List>
              {coming.length === SHOWN && (
                <Text size="sm" c="dimmed" mt={4}>
                  <Trans>and so on</Trans>
                </Text>
              )}
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}
