import { useLingui } from "@lingui/react/macro";
import { Checkbox, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useFrequencyName, useStatusName } from "../../../lib/names";
import { can } from "../../../lib/policy";
import { FREQUENCIES, type SchedulesSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { PersonPicker } from "../../../ui/PersonPicker";
import { ThingPicker } from "../../../ui/ThingPicker";

interface Props {
  search: SchedulesSearch;
  onChange: (change: Partial<SchedulesSearch>) => void;
}

const STATUSES = ["overdue", "due_soon", "scheduled", "completed"];

export function ScheduleFilters({ search, onChange }: Props) {
  const { t } = useLingui();
  const user = useUser();
  const statusName = useStatusName();
  const frequencyName = useFrequencyName();
  const [q, setQ] = useState(search.q ?? "");
  const commit = useDebouncedCallback((value: string) => onChange({ q: value.trim() || undefined }), 300);
  const clear = { "aria-label": t`Clear` };
  return (
    <SimpleGrid
      cols={{ base: 1, xs: 2, md: can.pickPeople(user) ? 5 : 4 }}
      spacing="sm"
      mb="md"
      className="no-print"
    >
      <TextInput
        label={t`Search`}
        placeholder={t`Thing, kind of work`}
        type="search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={q}
        onChange={({ currentTarget: { value } }) => {
          setQ(value);
          commit(value);
        }}
      />
      <Select
        label={t`State`}
        placeholder={t`Any`}
        clearable
        clearButtonProps={clear}
        value={search.status ?? null}
        onChange={(value) => onChange({ status: (value as SchedulesSearch["status"]) ?? undefined })}
        data={STATUSES.map((value) => ({ value, label: statusName(value) }))}
      />
      <Select
        label={t`How often`}
        placeholder={t`Any`}
        clearable
        clearButtonProps={clear}
        value={search.frequency ?? null}
        onChange={(value) => onChange({ frequency: (value as SchedulesSearch["frequency"]) ?? undefined })}
        data={FREQUENCIES.map((value) => ({ value, label: frequencyName(value) }))}
      />
      <ThingPicker
        value={search.resource ?? null}
        onChange={(id) => onChange({ resource: id ?? undefined })}
      />
      {can.pickPeople(user) && (
        <PersonPicker
          value={search.person ?? null}
          onChange={(id) => onChange({ person: id ?? undefined })}
        />
      )}
      {can.writeSchedules(user) && (
        <Checkbox
          label={t`Show deleted plans`}
          checked={!!search.deleted}
          onChange={(event) => onChange({ deleted: event.currentTarget.checked || undefined })}
        />
      )}
    </SimpleGrid>
  );
}
