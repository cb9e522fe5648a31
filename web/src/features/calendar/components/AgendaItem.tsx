import { useLingui } from "@lingui/react/macro";
import { useStatusName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import { Link } from "../../../ui/Link";
import { STATUS_ICONS } from "../../../ui/StatusBadge";
import type { CalendarEvent } from "../api/getCalendar";
import classes from "./Calendar.module.css";

/** Where an entry leads: a record of work, or the plan it is an occurrence of. */
export function targetOf(event: CalendarEvent) {
  return event.kind === "log" && event.log_id ? `/logs/${event.log_id}` : `/schedules/${event.schedule_id}`;
}

export function AgendaItem({ event, withDate }: { event: CalendarEvent; withDate?: boolean }) {
  const { t } = useLingui();
  const time = useTime();
  const statusName = useStatusName();
  const IconComponent = STATUS_ICONS[event.status]!;
  const who = event.assignee?.name;
  return (
    <li>
      <Link to={targetOf(event)} className={classes.item} data-status={event.status}>
        <span className={classes.badge}>
          <IconComponent size={18} aria-label={statusName(event.status)} role="img" />
        </span>
        <span className={classes.text}>
          <span className={classes.title}>{event.title}</span>
          <span className={classes.meta}>
            {who ? (event.kind === "log" ? t`by ${who}` : who) : t`nobody assigned`}
          </span>
        </span>
        <span className={classes.when}>{withDate ? time.fromNow(event.start) : time.time(event.start)}</span>
      </Link>
    </li>
  );
}
