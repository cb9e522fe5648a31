import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getMaintenanceLogs, getMaintenanceLogsById } from "../../../api/generated/client";
import type { GetMaintenanceLogsParams } from "../../../api/generated/model";
import type { LogsSearch } from "../../../lib/searches";
import { addDays, toInstant } from "../../../lib/zone";

export type LogFilters = GetMaintenanceLogsParams;
export type Log = Awaited<ReturnType<typeof getMaintenanceLogs>>["items"][number];
export type LogPhoto = NonNullable<Log["photos"]>[number];

const PAGE = 40;

/** The filters of an address as the server has them; days are the community's, the last one included. */
export function filtersOf(search: LogsSearch, zone: string): LogFilters {
  return {
    q: search.q,
    resource_id: search.resource,
    performed_by: search.person,
    issues_found: search.issues,
    performed_from: search.from && toInstant(`${search.from} 00:00:00`, zone),
    performed_to: search.to && toInstant(`${addDays(search.to, 1)} 00:00:00`, zone),
    sort: search.sort ?? "-performed_at",
  };
}

export function logsQuery(filters: LogFilters) {
  return infiniteQueryOptions({
    queryKey: ["maintenance", "logs", filters],
    queryFn: ({ pageParam, signal }) =>
      getMaintenanceLogs({ ...filters, cursor: pageParam, limit: PAGE }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function scheduleLogsQuery(scheduleId: string) {
  return queryOptions({
    queryKey: ["maintenance", "logs", "of", scheduleId],
    queryFn: async ({ signal }) =>
      (await getMaintenanceLogs({ schedule_id: scheduleId, sort: "-performed_at", limit: 10 }, { signal }))
        .items,
  });
}

/** One record with every version of it, oldest first. */
export function logQuery(id: string) {
  return queryOptions({
    queryKey: ["maintenance", "log", id],
    queryFn: ({ signal }) => getMaintenanceLogsById(id, { history: true }, { signal }),
  });
}
