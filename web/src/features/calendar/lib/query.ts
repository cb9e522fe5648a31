import type { CalendarSearch } from "../../../lib/searches";
import { addDays, addMonths, toInstant, weekStart } from "../../../lib/zone";
import type { CalendarRange } from "../api/getCalendar";
import type { View } from "../components/CalendarToolbar";

/** What the server is asked for to fill a view: whole local days, six weeks for a month. */
export function rangeOf(view: View, date: string, search: CalendarSearch, zone: string): CalendarRange {
  const first = view === "week" ? weekStart(date) : `${date.slice(0, 7)}-01`;
  const from = view === "month" ? weekStart(first) : first;
  const to = view === "month" ? addDays(from, 42) : view === "week" ? addDays(from, 7) : addMonths(first, 1);
  return {
    from: toInstant(`${from} 00:00:00`, zone),
    to: toInstant(`${to} 00:00:00`, zone),
    ...filtersOf(search),
  };
}

export const NO_FILTERS = { resource: undefined, type: undefined, person: undefined, status: undefined };

export function filtersOf(search: CalendarSearch) {
  return {
    resource_id: search.resource,
    schedule_type: search.type,
    assigned_to: search.person,
    status: search.status,
  };
}
