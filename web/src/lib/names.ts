import { useLingui } from "@lingui/react/macro";
import { useCallback } from "react";

/** The server's words in the reader's language; an unknown one is shown as it came. */
function useNames(names: Record<string, string>): (key: string) => string {
  const text = JSON.stringify(names);
  return useCallback((key: string) => (JSON.parse(text) as Record<string, string>)[key] ?? key, [text]);
}

export function useRoleName() {
  const { t } = useLingui();
  return useNames({ admin: t`Admin`, maintenance_coordinator: t`Coordinator`, member: t`Member` });
}

export function useStatusName() {
  const { t } = useLingui();
  return useNames({
    scheduled: t`Scheduled`,
    due_soon: t`Due soon`,
    overdue: t`Overdue`,
    completed: t`Completed`,
  });
}

export function useIssuesName() {
  const { t } = useLingui();
  return useNames({ none: t`No issues`, minor: t`Minor issues`, major: t`Major issues` });
}

export function useFrequencyName() {
  const { t } = useLingui();
  return useNames({
    once: t`Once`,
    daily: t`Daily`,
    weekly: t`Weekly`,
    biweekly: t`Every two weeks`,
    monthly: t`Monthly`,
    quarterly: t`Quarterly`,
    semiannual: t`Twice a year`,
    annual: t`Yearly`,
    custom: t`By a rule of your own`,
  });
}

export function useChannelName() {
  const { t } = useLingui();
  return useNames({ email: t`Email`, sms: t`Text message`, in_app: t`In the app`, "in-app": t`In the app` });
}

export function useDeliveryStatusName() {
  const { t } = useLingui();
  return useNames({
    pending: t`Waiting`,
    sending: t`Being sent`,
    sent: t`Sent`,
    delivered: t`Delivered`,
    accepted: t`Accepted`,
    failed: t`Failed`,
    suppressed: t`Not sent`,
    kept: t`Kept here`,
    running: t`Running`,
    finished: t`Finished`,
    completed: t`Finished`,
  });
}

/** Why a message was kept back. */
export function useSuppressionReason() {
  const { t } = useLingui();
  return useNames({
    completed: t`the work had been done by then`,
    deleted: t`the plan had been deleted by then`,
    feature_off: t`maintenance was switched off`,
    feature_disabled: t`maintenance was switched off`,
    preferences: t`switched off in the preferences`,
    preference: t`switched off in the preferences`,
    quiet_hours: t`it was within the quiet hours`,
    premium_required: t`text messages need a premium account`,
    inactive: t`the account is disabled`,
  });
}
