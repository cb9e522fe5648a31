import { useLingui } from "@lingui/react/macro";
import type { SelectProps } from "@mantine/core";
import { getResources, getResourcesById } from "../api/generated/client";
import { type Choice, RemoteSelect } from "./RemoteSelect";

interface Props extends Omit<SelectProps, "data" | "onChange"> {
  onChange: (id: string | null, choice?: Choice) => void;
}

export function ThingPicker(props: Props) {
  const { t } = useLingui();
  return (
    <RemoteSelect
      label={t`Thing`}
      placeholder={t`Search things`}
      queryKey={["resources", "pick"]}
      search={async (q, signal) => (await getResources({ q: q || undefined, limit: 20 }, { signal })).items}
      find={(id) => getResourcesById(id)}
      {...props}
    />
  );
}
