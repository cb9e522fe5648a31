import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";
import { ApiError, OfflineError } from "./problem";

/** An error in the person's language: what happened and what to do. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useLingui();
  return useCallback(
    (error: unknown) => {
      if (error instanceof OfflineError)
        return t`The server cannot be reached. Check the connection and try again.`;
      if (!(error instanceof ApiError))
        return t`Something unexpected happened on this page. Reload it to go on.`;
      if (error.status === 429) return t`Too many requests at once. Wait a moment and try again.`;
      if (error.status === 503) return t`The service is busy or being updated. Try again in a moment.`;
      if (error.status === 403) return t`You may see this, but not change it.`;
      if (error.status === 404) return t`It is not there any more, or not yours to see.`;
      if (error.status === 412) return t`Somebody else has changed this in the meantime.`;
      if (error.status === 413) return t`A photo is too large. At most 10 MB each are taken.`;
      if (error.status === 415)
        return t`A photo is of a kind that is not taken. Use JPEG, PNG, WebP or HEIC.`;
      return error.problem.detail || error.problem.title;
    },
    [t],
  );
}
