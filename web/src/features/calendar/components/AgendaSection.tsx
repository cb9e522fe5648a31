import { Stack, Title } from "@mantine/core";
import type { CalendarEvent } from "../api/getCalendar";
import { AgendaItem } from "./AgendaItem";

interface Props {
  title: string;
  items: CalendarEvent[];
  /** How long ago instead of the time of day. */
  withDate?: boolean;
}

export function AgendaSection({ title, items, withDate }: Props) {
  return (
    <section>
      <Title order={3} size="sm" mb={8} c="dimmed">
        {title}
      </Title>
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {items.map((event) => (
          <AgendaItem key={event.id} event={event} withDate={withDate} />
        ))}
      </Stack>
    </section>
  );
}
