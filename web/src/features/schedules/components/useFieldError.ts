import { useLingui } from "@lingui/react/macro";
import type { FieldErrors } from "react-hook-form";
import type { NewSchedule } from "../api/schedules";
import type { Field } from "../lib/formValues";

/** The schema's verdicts in the reader's language; the server's own messages as they came. */
export function useFieldError(errors: FieldErrors<NewSchedule>) {
  const { t } = useLingui();
  return (field: Field): string | undefined => {
    const error = errors[field];
    if (!error) return undefined;
    if (error.type === "server") return error.message;
    if (error.type === "too_big") return t`This is too much.`;
    if (field === "rrule") return t`A rule is needed here.`;
    return ["too_small", "invalid_type", "invalid_format"].includes(String(error.type))
      ? t`This is needed.`
      : t`This is not valid.`;
  };
}
