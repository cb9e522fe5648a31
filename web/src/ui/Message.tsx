import { Center, Stack, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  icon: Icon;
  title: string;
  children?: ReactNode;
  color?: string;
  /** A whole page has a heading of the first order, a card inside one has not. */
  order?: 1 | 2 | 3;
}

/** What stands where there is nothing else to show: empty, switched off, gone wrong. */
export function Message({ icon: IconComponent, title, children, color, order = 1 }: Props) {
  return (
    <Center mih={order === 1 ? "50vh" : 200} p="md">
      <Stack align="center" gap="sm" maw={440} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" color={color} aria-hidden>
          <IconComponent size={28} stroke={1.6} />
        </ThemeIcon>
        <Title order={order} size="h3">
          {title}
        </Title>
        {children}
      </Stack>
    </Center>
  );
}
