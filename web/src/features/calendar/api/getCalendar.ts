import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getMaintenanceCalendar } from "../../../api/generated/client";
import type { GetMaintenanceCalendarParams } from "../../../api/generated/model";
import { MINUTE } from "../../../lib/query";

export type CalendarEvent = Awaited<ReturnType<typeof getMaintenanceCalendar>>["events"][number];
export type CalendarRange = GetMaintenanceCalendarParams;

/** Five minutes from the cache, as the customer's document asks; one's own changes invalidate it at once. */
export function calendarQuery(range: CalendarRange) {
  return queryOptions({
    queryKey: ["maintenance", "calendar", range],
    queryFn: async ({ signal }) => (await getMaintenanceCalendar(range, { signal })).events,
    staleTime: 5 * MINUTE,
    placeholderData: keepPreviousData,
  });
}
