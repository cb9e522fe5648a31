import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getMaintenanceSchedulesById, patchMaintenanceSchedulesById } from "../../../api/generated/client";
import { shiftDays } from "../../../lib/zone";

interface Move {
  scheduleId: string;
  days: number;
  zone: string;
}

export interface Moved {
  /** False for a rule of one's own, which a shifted start would not move. */
  moved: boolean;
  undo: () => Promise<unknown>;
}

function setStart(id: string, version: number, start_date: string) {
  return patchMaintenanceSchedulesById(id, { start_date }, { headers: { "If-Match": `"${version}"` } });
}

async function move({ scheduleId, days, zone }: Move): Promise<Moved> {
  const schedule = await getMaintenanceSchedulesById(scheduleId);
  if (schedule.frequency === "custom" || !schedule.next_due_date)
    return { moved: false, undo: () => Promise.resolve() };
  const start = shiftDays(schedule.next_due_date, days, zone);
  const changed = await setStart(scheduleId, schedule.version, start);
  return { moved: true, undo: () => setStart(scheduleId, changed.version, schedule.start_date) };
}

/** Moves the open occurrence and with it the whole plan by some days, at the same time of day. */
export function useMoveSchedule() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["maintenance"] });
  return useMutation({
    mutationFn: async (request: Move) => {
      const result = await move(request);
      return { ...result, undo: () => result.undo().finally(refresh) };
    },
    onSettled: refresh,
  });
}
