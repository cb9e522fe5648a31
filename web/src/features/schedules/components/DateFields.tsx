import "@mantine/dates/styles.css";
import "dayjs/locale/de";
import "dayjs/locale/es";
import { useLingui } from "@lingui/react/macro";
import { SimpleGrid } from "@mantine/core";
import { DatesProvider, DateTimePicker } from "@mantine/dates";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import { useCommunityZone } from "../../../lib/features";
import { toInstant, toLocal } from "../../../lib/zone";
import type { NewSchedule } from "../api/schedules";
import { useFieldError } from "./useFieldError";

export function DateFields() {
  const { t, i18n } = useLingui();
  const zone = useCommunityZone();
  const { control, formState } = useFormContext<NewSchedule>();
  const fieldError = useFieldError(formState.errors);
  const frequency = useWatch({ control, name: "frequency" });
  const names = { start_date: t`First due`, end_date: t`Ends` } as const;
  const zoneName = zone.replaceAll("_", " ");
  const picker = (name: "start_date" | "end_date") => (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <DateTimePicker
          {...field}
          label={names[name]}
          description={t`Time in ${zoneName}`}
          required={name === "start_date"}
          clearable={name === "end_date"}
          clearButtonProps={{ "aria-label": t`Clear` }}
          placeholder={name === "end_date" ? t`Never` : undefined}
          valueFormat={i18n.locale === "en" ? "D MMM YYYY, HH:mm" : "D. MMM YYYY, HH:mm"}
          value={field.value ? toLocal(field.value, zone) : null}
          onChange={(local) => field.onChange(local ? toInstant(local, zone) : null)}
          submitButtonProps={{ "aria-label": t`Done` }}
          timePickerProps={{ "aria-label": t`Time` }}
          error={fieldError(name)}
        />
      )}
    />
  );
  return (
    <DatesProvider settings={{ locale: i18n.locale, firstDayOfWeek: 1 }}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {picker("start_date")}
        {frequency !== "once" && picker("end_date")}
      </SimpleGrid>
    </DatesProvider>
  );
}
