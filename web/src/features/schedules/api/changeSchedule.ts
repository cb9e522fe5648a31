import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteMaintenanceSchedulesById,
  patchMaintenanceSchedulesById,
  postMaintenanceSchedules,
  postMaintenanceSchedulesByIdRestore,
} from "../../../api/generated/client";
import type { NewSchedule, Schedule, ScheduleChanges } from "../../../api/generated/model";

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["maintenance"] });
}

export function useCreateSchedule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (body: NewSchedule) => postMaintenanceSchedules(body),
    onSuccess: refresh,
  });
}

interface Update {
  id: string;
  /** The version the change was made from; another one there answers 412. */
  version: number;
  body: ScheduleChanges;
}

export function useUpdateSchedule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, version, body }: Update): Promise<Schedule> =>
      patchMaintenanceSchedulesById(id, body, { headers: { "If-Match": `"${version}"` } }),
    onSuccess: refresh,
  });
}

export function useDeleteSchedule() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: (id: string) => deleteMaintenanceSchedulesById(id), onSuccess: refresh });
}

export function useRestoreSchedule() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => postMaintenanceSchedulesByIdRestore(id),
    onSuccess: refresh,
  });
}
