import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  getMaintenanceSchedules,
  getMaintenanceSchedulesById,
  getMaintenanceSchedulesByIdAlerts,
  postMaintenanceSchedulesPreview,
} from "../../../api/generated/client";
import type {
  GetMaintenanceSchedulesParams,
  NewSchedule,
  Preview,
  Schedule,
} from "../../../api/generated/model";
import { MINUTE } from "../../../lib/query";

export type { NewSchedule, Preview, Schedule };
export type ScheduleAlert = Awaited<ReturnType<typeof getMaintenanceSchedulesByIdAlerts>>["items"][number];

export function schedulesQuery(filters: GetMaintenanceSchedulesParams) {
  return infiniteQueryOptions({
    queryKey: ["maintenance", "schedules", filters],
    queryFn: ({ pageParam, signal }) =>
      getMaintenanceSchedules({ ...filters, cursor: pageParam, limit: 30 }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function scheduleQuery(id: string) {
  return queryOptions({
    queryKey: ["maintenance", "schedule", id],
    queryFn: ({ signal }) => getMaintenanceSchedulesById(id, { signal }),
  });
}

/** What became of each reminder of this plan: sent, waiting, or kept back and why. */
export function alertsQuery(id: string) {
  return queryOptions({
    queryKey: ["maintenance", "schedule", id, "alerts"],
    queryFn: async ({ signal }) =>
      (await getMaintenanceSchedulesByIdAlerts(id, { limit: 10 }, { signal })).items,
  });
}

export function previewQuery(body: Preview) {
  return queryOptions({
    queryKey: ["maintenance", "preview", body],
    queryFn: async ({ signal }) => (await postMaintenanceSchedulesPreview(body, { signal })).dates,
    staleTime: 5 * MINUTE,
    retry: false,
  });
}
