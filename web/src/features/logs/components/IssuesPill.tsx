import { Trans } from "@lingui/react/macro";
import { IconAlertOctagon, IconAlertTriangle, IconBan, IconCircleCheck } from "@tabler/icons-react";
import { useIssuesName } from "../../../lib/names";
import { Pill } from "../../../ui/Pill";

const LOOKS = {
  none: ["completed", IconCircleCheck],
  minor: ["due_soon", IconAlertTriangle],
  major: ["overdue", IconAlertOctagon],
} as const;

export function IssuesPill({ issues }: { issues: keyof typeof LOOKS }) {
  const issuesName = useIssuesName();
  const [tone, icon] = LOOKS[issues];
  return (
    <Pill tone={tone} icon={icon}>
      {issuesName(issues)}
    </Pill>
  );
}

export function VoidPill() {
  return (
    <Pill icon={IconBan}>
      <Trans>Void</Trans>
    </Pill>
  );
}
