import { useLingui } from "@lingui/react/macro";
import { useErrorText } from "../../../lib/errorText";
import { ApiError, type Problem } from "../../../lib/problem";
import { useTime } from "../../../lib/time";

export const ALREADY_DONE = "occurrence_already_completed";

/** Why the server did not take a record, in words a volunteer can act on. */
export function useRefusal(): (problem: Problem) => string {
  const { t } = useLingui();
  const time = useTime();
  const errorText = useErrorText();
  return (problem) => {
    if (problem.code !== ALREADY_DONE) {
      const fields = problem.errors?.map(({ message }) => message).join(" ");
      return fields || errorText(new ApiError(problem));
    }
    const name = problem.closed_by?.name;
    const when = problem.closed_at ? time.fromNow(problem.closed_at) : "";
    if (name && when) return t`${name} has already done this (${when}). It need not be done again.`;
    return name
      ? t`${name} has already done this. It need not be done again.`
      : t`Somebody else has already done this. It need not be done again.`;
  };
}
