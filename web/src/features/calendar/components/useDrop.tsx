import type { EventDropInfo } from "@fullcalendar/react";
import { useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { useErrorText } from "../../../lib/errorText";
import { useCommunityZone } from "../../../lib/features";
import { notify } from "../../../lib/notify";
import { useTime } from "../../../lib/time";
import type { CalendarEvent } from "../api/getCalendar";
import { useMoveSchedule } from "../api/moveSchedule";

const UNDO_MS = 12_000;

/** After a drop the plan has moved and may be moved back; when the server refuses, the entry jumps back by itself. */
export function useDrop() {
  const { t } = useLingui();
  const errorText = useErrorText();
  const zone = useCommunityZone();
  const time = useTime();
  const move = useMoveSchedule();
  return (info: EventDropInfo) => {
    const entry = info.event.extendedProps.entry as CalendarEvent;
    const start = info.event.start;
    const days = info.delta.days || Math.round((info.delta.milliseconds ?? 0) / 86_400_000);
    if (!entry.schedule_id || !start || !days) return info.revert();
    const refuse = (message: string) => {
      info.revert();
      void notify({ message, tone: "problem" });
    };
    move.mutate(
      { scheduleId: entry.schedule_id, days, zone },
      {
        onError: (error) => refuse(errorText(error)),
        onSuccess: async ({ moved, undo }) => {
          if (!moved) return refuse(t`This plan follows a rule of its own. Change the rule instead.`);
          const back = () => {
            close();
            undo().catch((error: unknown) => void notify({ message: errorText(error), tone: "problem" }));
          };
          const close = await notify({
            autoClose: UNDO_MS,
            message: (
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">{t`“${entry.title}” moved to ${time.weekday(start)}`}</Text>
                <Button size="compact-sm" variant="light" onClick={back}>
                  {t`Undo`}
                </Button>
              </Group>
            ),
          });
        },
      },
    );
  };
}
