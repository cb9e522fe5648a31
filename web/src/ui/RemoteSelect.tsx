import { useLingui } from "@lingui/react/macro";
import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, type QueryKey, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { MINUTE } from "../lib/query";

export interface Choice {
  id: string;
  name: string;
}

interface Props extends Omit<SelectProps, "data" | "onChange"> {
  queryKey: QueryKey;
  search: (q: string, signal: AbortSignal) => Promise<Choice[]>;
  /** The name of the value chosen before anything was searched. */
  find?: (id: string) => Promise<Choice | undefined>;
  onChange: (id: string | null, choice?: Choice) => void;
}

/** A select that asks the server while one types, so that it works with ten things and with ten thousand. */
export function RemoteSelect({ queryKey, search, find, value, onChange, ...rest }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<Choice>();
  const name = picked && picked.id === value ? picked.name : "";
  const [q] = useDebouncedValue(typed === name ? "" : typed.trim(), 200);
  const found = useQuery({
    queryKey: [...queryKey, q],
    queryFn: ({ signal }) => search(q, signal),
    staleTime: MINUTE,
    placeholderData: keepPreviousData,
  });
  const known = [picked, ...(found.data ?? [])].find((choice) => choice?.id === value);
  const chosen = useQuery({
    queryKey: [...queryKey, "one", value],
    queryFn: async () => (await find?.(value as string)) ?? null,
    enabled: !!value && !known && !found.isPending && !!find,
    staleTime: MINUTE,
  });
  const choices = new Map<string, string>();
  for (const choice of [known, chosen.data, ...(found.data ?? [])])
    if (choice) choices.set(choice.id, choice.name);
  return (
    <Select
      searchable
      clearable
      value={value ?? null}
      data={[...choices].map(([id, label]) => ({ value: id, label }))}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      onChange={(id) => {
        const choice = id ? { id, name: choices.get(id) ?? "" } : undefined;
        setPicked(choice);
        onChange(id, choice);
      }}
      nothingFoundMessage={found.isFetching ? t`Searching…` : t`Nothing found`}
      rightSection={found.isFetching ? <Loader size="xs" /> : undefined}
      comboboxProps={{ shadow: "md" }}
      clearButtonProps={{ "aria-label": t`Clear` }}
      {...rest}
    />
  );
}
