import { Stack, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { useStatusName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import { STATUS_ICONS, StatusBadge } from "../../../ui/StatusBadge";
import type { CalendarEvent } from "../api/getCalendar";
import classes from "./Grid.module.css";

export function GridEvent({ entry }: { entry: CalendarEvent }) {
  const time = useTime();
  const statusName = useStatusName();
  const IconComponent = STATUS_ICONS[entry.status]!;
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
      label={card}
      openDelay={350}
      multiline
      w={270}
      position="top"
      classNames={{ tooltip: classes.card }}
    >
      <span className={classes.event} data-status={entry.status}>
        <IconComponent size={13} aria-hidden className={classes.icon} />
        <span className={classes.title}>{entry.title}</span>
        <VisuallyHidden>, {statusName(entry.status)}</VisuallyHidden>
      </span>
    </Tooltip>
  );
}
