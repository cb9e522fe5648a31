import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getMaintenanceAlertsDeliveries,
  getMaintenanceAlertsRuns,
  postMaintenanceAlertsDeliveriesByIdRetry,
  postMaintenanceAlertsDeliveriesRetry,
  postMaintenanceAlertsGenerate,
} from "../../../api/generated/client";
import { pagedQuery } from "../../../lib/paged";

export type Run = Awaited<ReturnType<typeof getMaintenanceAlertsRuns>>["items"][number];
export type Delivery = Awaited<ReturnType<typeof getMaintenanceAlertsDeliveries>>["items"][number];

const ALL_DELIVERIES = ["maintenance", "deliveries"];

/** While a run's deliveries are under way its counts change. */
const WATCH_MS = 5_000;

export const runsQuery = queryOptions({
  queryKey: ["maintenance", "runs"],
  queryFn: async ({ signal }) => (await getMaintenanceAlertsRuns({ limit: 30 }, { signal })).items,
  refetchInterval: WATCH_MS,
});

export const deliveriesQuery = (status?: string) =>
  pagedQuery([...ALL_DELIVERIES, status ?? "all"], (cursor, signal) =>
    getMaintenanceAlertsDeliveries({ status: status as never, cursor, limit: 50 }, { signal }),
  );

export function useRunNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => postMaintenanceAlertsGenerate(),
    onSuccess: () => client.invalidateQueries({ queryKey: ["maintenance", "runs"] }),
  });
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => postMaintenanceAlertsDeliveriesByIdRetry(id),
    onSettled: () => client.invalidateQueries({ queryKey: ALL_DELIVERIES }),
  });
}

/** Sends everything that failed again, as after an outage. */
export function useReplayAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => postMaintenanceAlertsDeliveriesRetry(),
    onSettled: () => client.invalidateQueries({ queryKey: ALL_DELIVERIES }),
  });
}
