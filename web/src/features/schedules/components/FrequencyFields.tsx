import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Checkbox, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { useFrequencyName } from "../../../lib/names";
import { FREQUENCIES } from "../../../lib/searches";
import type { NewSchedule } from "../api/schedules";
import { useFieldError } from "./useFieldError";

const OWN = "own";

export function FrequencyFields() {
  const { t } = useLingui();
  const frequencyName = useFrequencyName();
  const { control, formState } = useFormContext<NewSchedule>();
  const fieldError = useFieldError(formState.errors);
  const frequency = useWatch({ control, name: "frequency" });
  const unit = useUnit();
  const repeats = frequency !== "once" && frequency !== "custom";
  return (
    <>
      <Group grow align="flex-start">
        <Controller
          control={control}
          name="frequency"
          render={({ field }) => (
            <Select
              {...field}
              label={t`How often`}
              allowDeselect={false}
              data={FREQUENCIES.map((value) => ({ value, label: frequencyName(value) }))}
              error={fieldError("frequency")}
            />
          )}
        />
        {repeats && (
          <Controller
            control={control}
            name="interval"
            render={({ field }) => (
              <NumberInput
                {...field}
                label={t`Repeat every`}
                suffix={` ${unit(frequency, Number(field.value))}`}
                min={1}
                max={1000}
                allowDecimal={false}
                error={fieldError("interval")}
              />
            )}
          />
        )}
      </Group>
      {frequency === "custom" && <RuleField />}
      {repeats && (
        <Controller
          control={control}
          name="recurrence_mode"
          render={({ field: { value, onChange, ...field } }) => (
            <Checkbox
              {...field}
              label={t`Count from the last time it was done`}
              description={t`Otherwise the dates stay fixed, whenever the work is done.`}
              checked={value === "floating"}
              onChange={(event) => onChange(event.currentTarget.checked ? "floating" : "fixed")}
            />
          )}
        />
      )}
    </>
  );
}

/** What the number beside it counts. */
function useUnit() {
  const { t } = useLingui();
  return (frequency: string, count: number): string => {
    if (frequency === "daily") return plural(count, { one: "day", other: "days" });
    if (frequency === "weekly") return plural(count, { one: "week", other: "weeks" });
    if (frequency === "monthly") return plural(count, { one: "month", other: "months" });
    if (frequency === "annual") return plural(count, { one: "year", other: "years" });
    if (frequency === "biweekly") return t`× 2 weeks`;
    return frequency === "quarterly" ? t`× 3 months` : t`× 6 months`;
  };
}

function RuleField() {
  const { t } = useLingui();
  const { control, formState } = useFormContext<NewSchedule>();
  const fieldError = useFieldError(formState.errors);
  const common = [
    { value: "FREQ=MONTHLY;BYDAY=1SA", label: t`First Saturday of every month` },
    { value: "FREQ=MONTHLY;BYDAY=-1FR", label: t`Last Friday of every month` },
    { value: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", label: t`Every working day` },
    { value: "FREQ=MONTHLY;BYMONTH=4,5,6,7,8,9,10", label: t`Monthly from April to October` },
    { value: "FREQ=YEARLY;BYMONTH=3,10", label: t`Every March and October` },
  ];
  return (
    <Controller
      control={control}
      name="rrule"
      render={({ field }) => (
        <>
          <Select
            label={t`Which days`}
            allowDeselect={false}
            value={
              common.some(({ value }) => value === field.value)
                ? field.value
                : field.value === null
                  ? null
                  : OWN
            }
            placeholder={t`Choose or write a rule`}
            onChange={(value) => field.onChange(value === OWN ? "FREQ=MONTHLY;BYMONTHDAY=15" : value)}
            data={[...common, { value: OWN, label: t`Another rule` }]}
          />
          <TextInput
            {...field}
            value={field.value ?? ""}
            label={t`Rule`}
            description={t`In the notation of calendars (RFC 5545).`}
            required
            maxLength={500}
            error={fieldError("rrule")}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          />
        </>
      )}
    />
  );
}
