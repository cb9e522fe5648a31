import { PostMaintenanceSchedulesBody } from "../../../api/generated/schemas";
import { addDays, toInstant } from "../../../lib/zone";
import type { NewSchedule, Schedule } from "../api/schedules";

/** The generated schema is the server's own; a form only has to be an object of its fields. */
export const scheduleSchema = PostMaintenanceSchedulesBody;

export const FIELDS = [
  "resource_id",
  "schedule_type",
  "frequency",
  "interval",
  "rrule",
  "recurrence_mode",
  "start_date",
  "end_date",
  "description",
  "assigned_to",
] as const satisfies readonly (keyof NewSchedule)[];
export type Field = (typeof FIELDS)[number];

/** A plan that begins tomorrow at nine, the community's time. */
export function emptyValues(
  zone: string,
  today: string,
  given: { resource?: string; date?: string },
): NewSchedule {
  return {
    resource_id: given.resource ?? "",
    schedule_type: "",
    frequency: "monthly",
    interval: 1,
    rrule: null,
    recurrence_mode: "fixed",
    start_date: toInstant(`${given.date ?? addDays(today, 1)} 09:00:00`, zone),
    end_date: null,
    description: "",
    assigned_to: null,
  };
}

export function valuesOf(schedule: Schedule): NewSchedule {
  return Object.fromEntries(FIELDS.map((field) => [field, schedule[field]])) as unknown as NewSchedule;
}

/** Only what differs from the version the form began with; a rule stays only with the frequency it belongs to. */
export function changesOf(values: NewSchedule, began: NewSchedule): Partial<NewSchedule> {
  const clean = cleaned(values);
  return Object.fromEntries(
    FIELDS.filter((field) => field !== "resource_id" && !same(clean[field], began[field])).map((field) => [
      field,
      clean[field],
    ]),
  );
}

export function cleaned(values: NewSchedule): NewSchedule {
  return {
    ...values,
    rrule: values.frequency === "custom" ? values.rrule : null,
    interval: values.frequency === "custom" || values.frequency === "once" ? 1 : values.interval,
    recurrence_mode:
      values.frequency === "custom" || values.frequency === "once" ? "fixed" : values.recurrence_mode,
    end_date: values.end_date || null,
    assigned_to: values.assigned_to || null,
  };
}

export function same(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string" && /^\d{4}-\d\d-\d\dT/.test(a))
    return Date.parse(a) === Date.parse(b);
  return (a ?? null) === (b ?? null);
}
