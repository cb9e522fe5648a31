import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { can } from "../../../lib/policy";
import { useUser } from "../../../lib/session";
import { useTime } from "../../../lib/time";
import { Link } from "../../../ui/Link";
import { Pill } from "../../../ui/Pill";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { Schedule } from "../api/schedules";
import { useRuleWords } from "../lib/words";
import { RestoreButton } from "./DeleteButton";
import classes from "./ScheduleRow.module.css";
import { LinkButton } from "../../../ui/LinkButton";

export function ScheduleRow({ schedule }: { schedule: Schedule }) {
  const { t } = useLingui();
  const time = useTime();
  const user = useUser();
  const words = useRuleWords();
  const { id, next_due_date: due, deleted_at: deleted } = schedule;
  return (
    <article className={classes.row}>
      <div className={classes.what}>
        {deleted ? (
          <Text fw={600}>{schedule.resource.name}</Text>
        ) : (
          <Link to={`/schedules/${id}`} className="row-link">
            {schedule.resource.name}
          </Link>
        )}
        <Text size="sm" c="dimmed">
          {schedule.schedule_type} · {words(schedule)}
        </Text>
      </div>
      <div className={classes.who}>
        <Text size="sm" truncate>
          {schedule.assignee?.name ?? t`Nobody assigned`}
        </Text>
      </div>
      <div className={classes.due}>
        {due ? (
          <>
            <Text size="sm" fw={500}>
              {time.weekday(due)}
            </Text>
            <Text size="xs" c="dimmed">
              {time.fromNow(due)}
            </Text>
          </>
        ) : (
          <Text size="sm" c="dimmed">
            <Trans>Nothing more due</Trans>
          </Text>
        )}
      </div>
      <div className={classes.status}>
        {deleted ? <Pill icon={IconTrash}>{t`Deleted`}</Pill> : <StatusBadge status={schedule.status} />}
      </div>
      <div className={classes.action}>
        {deleted && can.writeSchedules(user) && <RestoreButton schedule={schedule} />}
        {!deleted && due && can.logOn(user, schedule) && (
          <LinkButton to={`/schedules/${id}/log`} variant="light" size="xs">
            <Trans>Log work</Trans>
          </LinkButton>
        )}
      </div>
    </article>
  );
}
