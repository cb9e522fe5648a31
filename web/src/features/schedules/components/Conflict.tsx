import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Table, Text } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useFrequencyName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import type { NewSchedule, Schedule } from "../api/schedules";
import { type Field, FIELDS, same, valuesOf } from "../lib/formValues";

interface Props {
  began: Schedule;
  theirs: Schedule;
  mine: NewSchedule;
  saving: boolean;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}

/** Somebody else saved first: what they changed beside what was typed here, and the choice between them. */
export function Conflict({ began, theirs, mine, saving, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useLingui();
  const show = useShow();
  const names = useFieldNames();
  const before = valuesOf(began);
  const now = valuesOf(theirs);
  const changed = FIELDS.filter(
    (field) => !same(before[field], now[field]) || !same(before[field], mine[field]),
  );
  const person = (field: Field, value: unknown) => {
    const known = [theirs.assignee, began.assignee].find((one) => one && one.id === value);
    return field === "assigned_to" && known ? known.name : show(field, value);
  };
  return (
    <Alert
      color="yellow"
      mb="lg"
      role="alert"
      icon={<IconGitMerge />}
      title={t`Somebody else has changed this plan in the meantime`}
    >
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>
                <Trans>Field</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>When you began</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Saved now</Trans>
              </Table.Th>
              <Table.Th>
                <Trans>Yours</Trans>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changed.map((field) => (
              <Table.Tr key={field}>
                <Table.Th scope="row">{names[field]}</Table.Th>
                <Table.Td>{person(field, before[field])}</Table.Td>
                <Table.Td fw={same(before[field], now[field]) ? undefined : 650}>
                  {person(field, now[field])}
                </Table.Td>
                <Table.Td fw={same(before[field], mine[field]) ? undefined : 650}>
                  {person(field, mine[field])}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" my="sm">
        <Trans>Only the fields you changed are saved over theirs.</Trans>
      </Text>
      <Group>
        <Button loading={saving} onClick={onKeepMine}>
          <Trans>Save mine</Trans>
        </Button>
        <Button variant="default" onClick={onTakeTheirs}>
          <Trans>Take theirs and go on</Trans>
        </Button>
      </Group>
    </Alert>
  );
}

function useShow() {
  const { t } = useLingui();
  const time = useTime();
  const frequencyName = useFrequencyName();
  return (field: Field, value: unknown): string => {
    if (value === null || value === undefined || value === "") return "–";
    if (field === "frequency") return frequencyName(String(value));
    if (field === "start_date" || field === "end_date") return time.dateTime(String(value));
    if (field === "recurrence_mode")
      return value === "floating" ? t`from the last time done` : t`fixed dates`;
    if (field === "assigned_to" || field === "resource_id") return t`somebody else`;
    return String(value);
  };
}

function useFieldNames(): Record<Field, string> {
  const { t } = useLingui();
  return {
    resource_id: t`Thing`,
    schedule_type: t`Kind of work`,
    frequency: t`How often`,
    interval: t`Repeat every`,
    rrule: t`Rule`,
    recurrence_mode: t`Counted`,
    start_date: t`First due`,
    end_date: t`Ends`,
    description: t`What to do`,
    assigned_to: t`Assigned to`,
  };
}
