import { useQuery } from "@tanstack/react-query";
import { getMaintenanceSchedules } from "../api/generated/client";
import { MINUTE } from "./query";

/** Kinds of work already in use, to choose from; any other may still be typed. */
export function useScheduleTypes(): string[] {
  const { data } = useQuery({
    queryKey: ["maintenance", "types"],
    queryFn: async ({ signal }) => {
      const { items } = await getMaintenanceSchedules({ limit: 200 }, { signal });
      return [...new Set(items.map((item) => item.schedule_type))].toSorted((a, b) => a.localeCompare(b));
    },
    staleTime: 5 * MINUTE,
  });
  return data ?? [];
}
