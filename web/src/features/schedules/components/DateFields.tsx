import { useLingui } from "@lingui/react/macro";
import { SimpleGrid } from "@mantine/core";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { MomentPicker } from "../../../ui/Dates";
import type { NewSchedule } from "../api/schedules";
import { useFieldError } from "./useFieldError";

export function DateFields() {
  const { t } = useLingui();
  const { control, formState } = useFormContext<NewSchedule>();
  const fieldError = useFieldError(formState.errors);
  const frequency = useWatch({ control, name: "frequency" });
  const names = { start_date: t`First due`, end_date: t`Ends` } as const;
  const picker = (name: "start_date" | "end_date") => (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <MomentPicker
          {...field}
          label={names[name]}
          required={name === "start_date"}
          clearable={name === "end_date"}
          placeholder={name === "end_date" ? t`Never` : undefined}
          error={fieldError(name)}
        />
      )}
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {picker("start_date")}
      {frequency !== "once" && picker("end_date")}
    </SimpleGrid>
  );
}
