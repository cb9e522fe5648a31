import { useLingui } from "@lingui/react/macro";
import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useIssuesName } from "../../../lib/names";
import { can } from "../../../lib/policy";
import type { LogsSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { DayPicker } from "../../../ui/Dates";
import { PersonPicker } from "../../../ui/PersonPicker";
import { ThingPicker } from "../../../ui/ThingPicker";

interface Props {
  search: LogsSearch;
  onChange: (change: Partial<LogsSearch>) => void;
}

export function LogFilters({ search, onChange }: Props) {
  const { t } = useLingui();
  const user = useUser();
  const issuesName = useIssuesName();
  const [q, setQ] = useState(search.q ?? "");
  const commit = useDebouncedCallback((value: string) => onChange({ q: value.trim() || undefined }), 300);
  const people = can.pickPeople(user);
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, md: people ? 6 : 5 }} spacing="sm" mb="md" className="no-print">
      <TextInput
        label={t`Search`}
        placeholder={t`In the notes`}
        type="search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={q}
        onChange={({ currentTarget: { value } }) => {
          setQ(value);
          commit(value);
        }}
      />
      <ThingPicker
        value={search.resource ?? null}
        onChange={(id) => onChange({ resource: id ?? undefined })}
      />
      {people && (
        <PersonPicker
          label={t`Done by`}
          value={search.person ?? null}
          onChange={(id) => onChange({ person: id ?? undefined })}
        />
      )}
      <Select
        label={t`Issues`}
        placeholder={t`Any`}
        clearable
        clearButtonProps={{ "aria-label": t`Clear` }}
        value={search.issues ?? null}
        onChange={(value) => onChange({ issues: (value as LogsSearch["issues"]) ?? undefined })}
        data={["none", "minor", "major"].map((value) => ({ value, label: issuesName(value) }))}
      />
      <DayPicker
        label={t`From`}
        max={search.to}
        value={search.from}
        onChange={(from) => onChange({ from })}
      />
      <DayPicker label={t`Until`} min={search.from} value={search.to} onChange={(to) => onChange({ to })} />
    </SimpleGrid>
  );
}
