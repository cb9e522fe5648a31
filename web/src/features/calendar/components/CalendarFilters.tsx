import { useLingui } from "@lingui/react/macro";
import { Autocomplete, Button, Select, SimpleGrid } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useStatusName } from "../../../lib/names";
import { can } from "../../../lib/policy";
import { useScheduleTypes } from "../../../lib/scheduleTypes";
import type { CalendarSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { PersonPicker } from "../../../ui/PersonPicker";
import { ThingPicker } from "../../../ui/ThingPicker";
import { NO_FILTERS } from "../lib/query";

interface Props {
  search: CalendarSearch;
  onChange: (change: Partial<CalendarSearch>) => void;
}

export function CalendarFilters({ search, onChange }: Props) {
  const { t } = useLingui();
  const user = useUser();
  const statusName = useStatusName();
  const [type, setType] = useState(search.type ?? "");
  const types = useScheduleTypes(type);
  const clear = () => {
    setType("");
    onChange(NO_FILTERS);
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm" mb="md" className="no-print">
      <ThingPicker
        value={search.resource ?? null}
        onChange={(id) => onChange({ resource: id ?? undefined })}
      />
      <Autocomplete
        label={t`Kind of work`}
        placeholder={t`Any`}
        data={types}
        value={type}
        onChange={setType}
        onOptionSubmit={(value) => onChange({ type: value })}
        onBlur={() => onChange({ type: type.trim() || undefined })}
      />
      {can.pickPeople(user) && (
        <PersonPicker
          value={search.person ?? null}
          onChange={(id) => onChange({ person: id ?? undefined })}
        />
      )}
      <Select
        label={t`State`}
        placeholder={t`Any`}
        clearable
        clearButtonProps={{ "aria-label": t`Clear` }}
        value={search.status ?? null}
        onChange={(value) => onChange({ status: (value as CalendarSearch["status"]) ?? undefined })}
        data={["scheduled", "overdue", "completed"].map((value) => ({ value, label: statusName(value) }))}
      />
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconX size={16} aria-hidden />}
        onClick={clear}
        style={{ alignSelf: "end" }}
      >
        {t`Clear filters`}
      </Button>
    </SimpleGrid>
  );
}
