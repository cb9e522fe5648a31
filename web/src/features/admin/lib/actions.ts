import { useLingui } from "@lingui/react/macro";

/** What the audit trail records, in words; an action not known here is shown in the words of its name. */
export function useActionName(): (action: string) => string {
  const { t } = useLingui();
  const names: Record<string, string> = {
    "session.open": t`signed in`,
    "session.close": t`signed out`,
    "session.refresh_reused": t`a session was used twice and ended`,
    "user.password": t`changed a password`,
    "user.create": t`added a person`,
    "user.change": t`changed a person`,
    "resource.create": t`added a thing`,
    "resource.change": t`changed a thing`,
    "resource.delete": t`removed a thing`,
    "schedule.create": t`made a plan`,
    "schedule.change": t`changed a plan`,
    "schedule.delete": t`deleted a plan`,
    "schedule.restore": t`restored a plan`,
    "log.create": t`logged work`,
    "log.photos": t`added photos`,
    "log.amend": t`amended a record`,
    "log.void": t`declared a record void`,
    "feature.switch": t`switched a feature`,
    "alerts.generate": t`started the daily check`,
    "delivery.retry": t`sent a message again`,
    "delivery.retry_all": t`sent all failed messages again`,
    request: t`tried what is not allowed`,
  };
  return (action) => names[action] ?? action.replaceAll(/[._]/g, " ");
}
