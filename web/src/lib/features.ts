import { queryOptions, useQuery } from "@tanstack/react-query";
import { getFeatures } from "../api/generated/client";
import { MINUTE } from "./query";

export const MAINTENANCE = "maintenance_scheduling_enabled";

export const featuresQuery = queryOptions({
  queryKey: ["features"],
  queryFn: ({ signal }) => getFeatures({ signal }),
  staleTime: MINUTE / 2,
  refetchInterval: MINUTE,
});

/** Whether maintenance is switched on; undefined until the server has said so. */
export function useMaintenanceEnabled(): boolean | undefined {
  return useQuery(featuresQuery).data?.features[MAINTENANCE];
}

export function useCommunityZone(): string {
  return useQuery(featuresQuery).data?.community_timezone ?? "UTC";
}
