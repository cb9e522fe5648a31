import { Stack, Text, Tooltip } from "@mantine/core";
import { useTime } from "../../../lib/time";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { CalendarEvent } from "../api/getCalendar";
import classes from "./Grid.module.css";

export interface Hovered {
  entry: CalendarEvent;
  element: HTMLElement;
}

/** What an entry is about, beside the one that is pointed at or has the focus. */
export function EventCard({ entry, element }: Hovered) {
  const time = useTime();
  const card = (
    <Stack gap={6} align="flex-start" p={4}>
      <StatusBadge status={entry.status} />
      <Text fw={600} size="sm">
        {entry.title}
      </Text>
      <Text size="sm" c="dimmed">
        {time.dateTime(entry.start)}
      </Text>
      {entry.assignee && <Text size="sm">{entry.assignee.name}</Text>}
    </Stack>
  );
  return (
    <Tooltip
      opened
      target={element}
      label={card}
      multiline
      w={270}
      position="top"
      classNames={{ tooltip: classes.card }}
    />
  );
}
