import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconClockHour4,
  IconHourglassEmpty,
  type Icon,
} from "@tabler/icons-react";
import { useStatusName } from "../lib/names";
import { Pill } from "./Pill";

export const STATUS_ICONS: Record<string, Icon> = {
  scheduled: IconClockHour4,
  due_soon: IconHourglassEmpty,
  overdue: IconAlertTriangleFilled,
  completed: IconCircleCheckFilled,
};

/** Colour, shape and word: none of them alone has to be seen. */
export function StatusBadge({ status }: { status: string }) {
  const name = useStatusName();
  return (
    <Pill tone={status} icon={STATUS_ICONS[status]}>
      {name(status)}
    </Pill>
  );
}
