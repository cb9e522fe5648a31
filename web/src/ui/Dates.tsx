import "@mantine/dates/styles.css";
import "dayjs/locale/de";
import "dayjs/locale/es";
import { useLingui } from "@lingui/react/macro";
import { DatePickerInput, DatesProvider, DateTimePicker, type DateTimePickerProps } from "@mantine/dates";
import { type ReactNode, useId } from "react";
import { useCommunityZone } from "../lib/features";
import { toInstant, toLocal } from "../lib/zone";

/** Pickers in the language of the page, which the browser's own do not speak. */
function Localised({ children }: { children: ReactNode }) {
  const { i18n } = useLingui();
  return <DatesProvider settings={{ locale: i18n.locale, firstDayOfWeek: 1 }}>{children}</DatesProvider>;
}

/** What both pickers have in common: the form of a day, and names for what has only a picture. */
function useCommon() {
  const { t, i18n } = useLingui();
  const id = useId();
  return {
    id,
    popoverProps: { id },
    dayFormat: i18n.locale === "en" ? "D MMM YYYY" : "D. MMM YYYY",
    clearButtonProps: { "aria-label": t`Clear` },
    ariaLabels: {
      previousMonth: t`Previous month`,
      nextMonth: t`Next month`,
      previousYear: t`Previous year`,
      nextYear: t`Next year`,
      previousDecade: t`Previous ten years`,
      nextDecade: t`Next ten years`,
    },
  };
}

interface DayProps {
  label: string;
  /** "YYYY-MM-DD" of the community's calendar. */
  value?: string;
  onChange: (day: string | undefined) => void;
  min?: string;
  max?: string;
}

export function DayPicker({ label, value, onChange, min, max }: DayProps) {
  const { t } = useLingui();
  const { dayFormat, ...common } = useCommon();
  return (
    <Localised>
      <DatePickerInput
        label={label}
        placeholder={t`Any`}
        clearable
        valueFormat={dayFormat}
        {...common}
        minDate={min}
        maxDate={max}
        value={value ?? null}
        onChange={(day) => onChange(day ?? undefined)}
      />
    </Localised>
  );
}

interface MomentProps extends Omit<DateTimePickerProps, "value" | "onChange"> {
  /** An instant (RFC 3339). It is shown and chosen in the community's time zone. */
  value: string | null | undefined;
  onChange: (instant: string | null) => void;
}

export function MomentPicker({ value, onChange, ...rest }: MomentProps) {
  const { t } = useLingui();
  const { dayFormat, ...common } = useCommon();
  const zone = useCommunityZone();
  const zoneName = zone.replaceAll("_", " ");
  return (
    <Localised>
      <DateTimePicker
        description={t`Time in ${zoneName}`}
        valueFormat={`${dayFormat}, HH:mm`}
        {...common}
        value={value ? toLocal(value, zone) : null}
        onChange={(local) => onChange(local ? toInstant(local, zone) : null)}
        submitButtonProps={{ "aria-label": t`Done` }}
        timePickerProps={{ "aria-label": t`Time`, hoursInputLabel: t`Hours`, minutesInputLabel: t`Minutes` }}
        {...rest}
      />
    </Localised>
  );
}
