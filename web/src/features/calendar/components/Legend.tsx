import { Trans } from "@lingui/react/macro";
import { Group, Text } from "@mantine/core";
import { useCommunityZone } from "../../../lib/features";
import { StatusBadge } from "../../../ui/StatusBadge";

export function Legend() {
  const zone = useCommunityZone().replaceAll("_", " ");
  return (
    <Group gap="xs">
      {["scheduled", "completed", "overdue"].map((status) => (
        <StatusBadge key={status} status={status} />
      ))}
      <Text size="xs" c="dimmed">
        <Trans>Times in {zone}</Trans>
      </Text>
    </Group>
  );
}
