import { useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCommunityZone } from "../../../lib/features";
import { notify } from "../../../lib/notify";
import { today } from "../../../lib/zone";
import { PageHeader } from "../../../ui/PageHeader";
import { useCreateSchedule } from "../api/changeSchedule";
import { cleaned, emptyValues } from "../lib/formValues";
import { ScheduleForm } from "./ScheduleForm";

export function NewSchedulePage() {
  const { t } = useLingui();
  const zone = useCommunityZone();
  const navigate = useNavigate();
  const { resource, date } = useSearch({ from: "/signed-in/maintenance/schedules/new" });
  const create = useCreateSchedule();
  const values = useMemo(() => emptyValues(zone, today(zone), { resource, date }), [zone, resource, date]);
  return (
    <>
      <PageHeader title={t`New plan`} />
      <ScheduleForm
        values={values}
        submitLabel={t`Create the plan`}
        onCancel={() => void navigate({ to: "/schedules" })}
        onSubmit={async (body) => {
          const { id } = await create.mutateAsync(cleaned(body));
          void notify({ message: t`The plan is made.` });
          await navigate({ to: "/schedules/$id", params: { id }, ignoreBlocker: true });
        }}
      />
    </>
  );
}
