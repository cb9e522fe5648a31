import { Group, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";

interface Props {
  title: string;
  /** A line under the title. */
  note?: ReactNode;
  children?: ReactNode;
}

/** The page's one heading of the first order, its document title and its actions. */
export function PageHeader({ title, note, children }: Props) {
  useEffect(() => {
    document.title = `${title} · CommunityShare`;
  }, [title]);
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="md">
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {note && (
          <Text component="div" c="dimmed" size="sm">
            {note}
          </Text>
        )}
      </Stack>
      <Group gap="xs" className="no-print">
        {children}
      </Group>
    </Group>
  );
}
