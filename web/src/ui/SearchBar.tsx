import { useLingui } from "@lingui/react/macro";
import { Group, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  onSearch: (q: string | undefined) => void;
  children: ReactNode;
}

export function SearchBar({ onSearch, children }: Props) {
  const { t } = useLingui();
  const commit = useDebouncedCallback((value: string) => onSearch(value.trim() || undefined), 250);
  return (
    <Group justify="space-between" mb="md" align="flex-end">
      <TextInput
        label={t`Search`}
        type="search"
        w={280}
        maw="100%"
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={(event) => commit(event.currentTarget.value)}
      />
      {children}
    </Group>
  );
}
