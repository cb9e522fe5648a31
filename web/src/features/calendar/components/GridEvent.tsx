import { VisuallyHidden } from "@mantine/core";
import { useStatusName } from "../../../lib/names";
import { STATUS_ICONS } from "../../../ui/StatusBadge";
import type { CalendarEvent } from "../api/getCalendar";
import classes from "./Grid.module.css";

export function GridEvent({ entry }: { entry: CalendarEvent }) {
  const statusName = useStatusName();
  const IconComponent = STATUS_ICONS[entry.status]!;
  return (
    <span className={classes.event} data-status={entry.status} data-entry={entry.id}>
      <IconComponent size={13} aria-hidden className={classes.icon} />
      <span className={classes.title}>{entry.title}</span>
      <VisuallyHidden>, {statusName(entry.status)}</VisuallyHidden>
    </span>
  );
}
