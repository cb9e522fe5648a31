import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getMaintenanceSchedulesById } from "../../../api/generated/client";
import { navigate, usePathId } from "../../../lib/navigation";
import { can } from "../../../lib/policy";
import { useUser } from "../../../lib/session";
import { useTime } from "../../../lib/time";
import { Loaded } from "../../../ui/Loaded";
import { NotFound } from "../../../ui/NotFound";
import { PageHeader } from "../../../ui/PageHeader";
import { LogForm } from "./LogForm";

/** Two taps on a phone: "Log work", "Mark as done". Everything else is optional. */
export function LogWorkPage() {
  const { t } = useLingui();
  const time = useTime();
  const user = useUser();
  const id = usePathId();
  const schedule = useQuery({
    queryKey: ["maintenance", "schedule", id],
    queryFn: ({ signal }) => getMaintenanceSchedulesById(id, { signal }),
    // The occurrence meant is the one that was open when the form was opened.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  return (
    <Loaded query={schedule} wholePage>
      {({ resource, schedule_type, next_due_date, assigned_to }) =>
        can.logOn(user, { assigned_to }) ? (
          <>
            <PageHeader title={t`Log work`} note={`${resource.name} · ${schedule_type}`} />
            <LogForm
              key={id}
              draftId={id}
              title={`${resource.name}, ${schedule_type}`}
              target={{ schedule_id: id, due_date: next_due_date ?? undefined }}
              onDone={() => navigate({ to: `/schedules/${id}` })}
            >
              <Text size="sm">
                {next_due_date ? (
                  <Trans>
                    Due {time.weekday(next_due_date)}, {time.fromNow(next_due_date)}.
                  </Trans>
                ) : (
                  <Trans>Nothing is due; this is kept as a record.</Trans>
                )}
              </Text>
            </LogForm>
          </>
        ) : (
          <NotFound />
        )
      }
    </Loaded>
  );
}
