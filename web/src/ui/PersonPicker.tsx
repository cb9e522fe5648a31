import { useLingui } from "@lingui/react/macro";
import type { SelectProps } from "@mantine/core";
import { getUsers } from "../api/generated/client";
import { type Choice, RemoteSelect } from "./RemoteSelect";

interface Props extends Omit<SelectProps, "data" | "onChange"> {
  onChange: (id: string | null, choice?: Choice) => void;
}

export function PersonPicker(props: Props) {
  const { t } = useLingui();
  return (
    <RemoteSelect
      label={t`Person`}
      placeholder={t`Search people`}
      queryKey={["users", "pick"]}
      search={async (q, signal) => {
        const { items } = await getUsers({ q: q || undefined, limit: 20 }, { signal });
        return items.filter((user) => user.active);
      }}
      find={async (id) => (await getUsers({ limit: 200 })).items.find((user) => user.id === id)}
      {...props}
    />
  );
}
