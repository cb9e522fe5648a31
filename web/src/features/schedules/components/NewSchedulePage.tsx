import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useCommunityZone } from "../../../lib/features";
import { navigate, useSearch } from "../../../lib/navigation";
import { notify } from "../../../lib/notify";
import { newSchedule } from "../../../lib/searches";
import { today } from "../../../lib/zone";
import { PageHeader } from "../../../ui/PageHeader";
import { useCreateSchedule } from "../api/changeSchedule";
import { cleaned, emptyValues } from "../lib/formValues";
import { ScheduleForm } from "./ScheduleForm";

export function NewSchedulePage() {
  const { t } = useLingui();
  const zone = useCommunityZone();
  const { resource, date } = useSearch(newSchedule);
  const create = useCreateSchedule();
  const values = useMemo(() => emptyValues(zone, today(zone), { resource, date }), [zone, resource, date]);
  return (
    <>
      <PageHeader title={t`New plan`} />
      <ScheduleForm
        values={values}
        submitLabel={t`Create the plan`}
        onCancel={() => navigate({ to: "/schedules" })}
        onSubmit={async (body) => {
          const { id } = await create.mutateAsync(cleaned(body));
          void notify({ message: t`The plan is made.` });
          navigate({ to: `/schedules/${id}`, force: true });
        }}
      />
    </>
  );
}
