import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { navigate, usePathId } from "../../../lib/navigation";
import { notify } from "../../../lib/notify";
import { ApiError } from "../../../lib/problem";
import { Loaded } from "../../../ui/Loaded";
import { PageHeader } from "../../../ui/PageHeader";
import { useUpdateSchedule } from "../api/changeSchedule";
import { type NewSchedule, type Schedule, scheduleQuery } from "../api/schedules";
import { changesOf, valuesOf } from "../lib/formValues";
import { Conflict } from "./Conflict";
import { ScheduleForm } from "./ScheduleForm";

export function EditSchedulePage() {
  const id = usePathId();
  // Read once: an answer that arrives while somebody types must not take the words away.
  const schedule = useQuery({ ...scheduleQuery(id), staleTime: 0, refetchOnWindowFocus: false });
  return (
    <Loaded query={schedule} wholePage>
      {(loaded) => <Editor loaded={loaded} reload={async () => (await schedule.refetch()).data} />}
    </Loaded>
  );
}

interface Props {
  loaded: Schedule;
  reload: () => Promise<Schedule | undefined>;
}

function Editor({ loaded, reload }: Props) {
  const { t } = useLingui();
  const update = useUpdateSchedule();
  const [began, setBegan] = useState(loaded);
  const [mine, setMine] = useState<NewSchedule>(() => valuesOf(loaded));
  const [theirs, setTheirs] = useState<Schedule | null>(null);
  const { id } = loaded;

  const save = async (values: NewSchedule, version: number) => {
    await update.mutateAsync({ id, version, body: changesOf(values, valuesOf(began)) });
    void notify({ message: t`The plan is changed.` });
    navigate({ to: `/schedules/${id}`, force: true });
  };

  const submit = async (values: NewSchedule) => {
    try {
      await save(values, began.version);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      setMine(values);
      setTheirs((await reload()) ?? null);
      throw error;
    }
  };

  return (
    <>
      <PageHeader title={t`Edit: ${loaded.resource.name}`} note={loaded.schedule_type} />
      {theirs && (
        <Conflict
          began={began}
          theirs={theirs}
          mine={mine}
          saving={update.isPending}
          onKeepMine={() =>
            void save(mine, theirs.version).catch(async () => setTheirs((await reload()) ?? null))
          }
          onTakeTheirs={() => {
            setBegan(theirs);
            setMine(valuesOf(theirs));
            setTheirs(null);
          }}
        />
      )}
      <ScheduleForm
        key={began.version}
        values={valuesOf(began)}
        thingFixed={loaded.resource.name}
        submitLabel={t`Save`}
        onCancel={() => navigate({ to: `/schedules/${id}` })}
        onSubmit={submit}
      />
    </>
  );
}
