import { useLingui } from "@lingui/react/macro";
import { MAINTENANCE } from "../../../lib/features";
import { useRoleName } from "../../../lib/names";
import { useTime } from "../../../lib/time";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function useFieldName(): (field: string) => string {
  const { t } = useLingui();
  const names: Record<string, string> = {
    active: t`May sign in`,
    added: t`Photos`,
    assigned_to: t`Assigned to`,
    closed: t`Was due`,
    description: t`Description`,
    enabled: t`Switched on`,
    end_date: t`Ends`,
    fields: t`Changed`,
    frequency: t`How often`,
    interval: t`Repeat every`,
    issues_found: t`Issues found`,
    method: t`Wanted`,
    name: t`Name`,
    next_due_date: t`Due next`,
    notes: t`Notes`,
    owner_id: t`Owner`,
    path: t`Address`,
    performed_at: t`Done at`,
    phone: t`Phone number`,
    premium: t`Premium`,
    recurrence_mode: t`Counted`,
    role: t`Role`,
    rrule: t`Rule`,
    schedule_type: t`Kind of work`,
    start_date: t`First due`,
  };
  return (field) => names[field] ?? field.replaceAll("_", " ");
}

/** What the audit trail knows of a deed, in words; what is not known here is shown without its underscores. */
export function useDetailText(): (detail: unknown) => string {
  const { t, i18n } = useLingui();
  const time = useTime();
  const roleName = useRoleName();
  const fieldName = useFieldName();
  const list = new Intl.ListFormat(i18n.locale);
  const values: Record<string, (value: unknown) => string> = {
    fields: (fields) => list.format((fields as string[]).map(fieldName)),
    method: (method) => (method === "GET" ? t`to read` : t`to change`),
    name: (name) => (name === MAINTENANCE ? t`Maintenance scheduling` : worded(name)),
    path: String,
    role: (role) => roleName(String(role)),
  };
  const worded = (value: unknown): string => {
    if (typeof value === "boolean") return value ? t`yes` : t`no`;
    if (typeof value === "number") return time.number(value);
    if (Array.isArray(value)) return list.format(value.map(worded));
    if (value && typeof value === "object") return described(value);
    const text = String(value);
    return INSTANT.test(text) ? time.dateTime(text) : text.replaceAll("_", " ");
  };
  const described = (detail: object): string =>
    Object.entries(detail)
      .filter(([, value]) => value !== null)
      .map(([field, value]) => `${fieldName(field)}: ${(values[field] ?? worded)(value)}`)
      .join(" · ");
  return (detail) => (detail ? (typeof detail === "object" ? described(detail) : worded(detail)) : "");
}
