import { Group, Text } from "@mantine/core";

export function Brand({ size = 28 }: { size?: number }) {
  return (
    <Group gap={10} wrap="nowrap">
      <img src="/icon.svg" alt="" width={size} height={size} />
      <Text fw={680} size={size > 30 ? "lg" : "sm"} lh={1.15} style={{ letterSpacing: "-0.01em" }}>
        CommunityShare
      </Text>
    </Group>
  );
}
