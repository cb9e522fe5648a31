import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getMaintenanceSchedulesTypes } from "../api/generated/client";
import { MINUTE } from "./query";

/** Kinds of work in use that contain what is typed, the commonest first; any other may still be typed. */
export function useScheduleTypes(typed: string): string[] {
  const [q] = useDebouncedValue(typed.trim(), 200);
  const { data } = useQuery({
    queryKey: ["maintenance", "types", q],
    queryFn: async ({ signal }) =>
      (await getMaintenanceSchedulesTypes({ q: q || undefined }, { signal })).types,
    staleTime: 5 * MINUTE,
    placeholderData: keepPreviousData,
  });
  return data ?? [];
}
