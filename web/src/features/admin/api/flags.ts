import { useMutation, useQueryClient } from "@tanstack/react-query";
import { putAdminFeaturesById } from "../../../api/generated/client";

export function useSwitchFeature() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ name, enabled }: { name: string; enabled: boolean }) =>
      putAdminFeaturesById(name, { enabled }),
    onSettled: () =>
      Promise.all(["features", "maintenance"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
