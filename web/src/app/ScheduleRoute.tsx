import { useQuery } from "@tanstack/react-query";
import { ScheduleHistory } from "../features/logs/components/ScheduleHistory";
import { scheduleQuery } from "../features/schedules/api/schedules";
import { ScheduleDetails } from "../features/schedules/components/ScheduleDetails";
import { usePathId } from "../lib/navigation";
import { Loaded } from "../ui/Loaded";

/** A plan and the work done on it: two rooms that know nothing of each other meet here. */
export function ScheduleRoute() {
  const id = usePathId();
  const schedule = useQuery(scheduleQuery(id));
  return (
    <Loaded query={schedule} wholePage>
      {(loaded) => <ScheduleDetails schedule={loaded} history={<ScheduleHistory scheduleId={id} />} />}
    </Loaded>
  );
}
