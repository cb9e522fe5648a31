import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Text } from "@mantine/core";
import { IconCalendarOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCommunityZone } from "../../../lib/features";
import type { CalendarSearch } from "../../../lib/searches";
import { addDays, localDay, toInstant, today } from "../../../lib/zone";
import { Loaded } from "../../../ui/Loaded";
import { Message } from "../../../ui/Message";
import { NothingFits } from "../../../ui/NothingFits";
import { type CalendarEvent, calendarQuery } from "../api/getCalendar";
import { useDayFormat } from "../lib/days";
import { filtersOf, rangeOf } from "../lib/query";
import { AgendaSection } from "./AgendaSection";

interface Props {
  date: string;
  search: CalendarSearch;
  /** Takes the filters away; undefined when there are none. */
  onClear?: () => void;
}

/** A month as a list: what is overdue first, then day by day. */
export function Agenda({ date, search, onClear }: Props) {
  const { t } = useLingui();
  const zone = useCommunityZone();
  const { full } = useDayFormat();
  const now = today(zone);
  const events = useQuery(calendarQuery(rangeOf("agenda", date, search, zone)));
  const thisMonth = date.slice(0, 7) === now.slice(0, 7);
  const midnight = toInstant(`${addDays(now, 1)} 00:00:00`, zone);
  const overdue = useQuery({
    ...calendarQuery({
      ...filtersOf(search),
      from: toInstant(`${addDays(now, -390)} 00:00:00`, zone),
      to: midnight,
      status: "overdue",
    }),
    enabled: thisMonth && (!search.status || search.status === "overdue"),
  });
  return (
    <Loaded query={events}>
      {(items) => {
        const late = thisMonth ? (overdue.data ?? []) : [];
        const shown = thisMonth && late.length ? items.filter((item) => item.status !== "overdue") : items;
        const days = byDay(shown, zone);
        const past = thisMonth
          ? days
              .filter(([day]) => day < now)
              .flatMap(([, list]) => list)
              .toReversed()
          : [];
        if (!days.length && !late.length && onClear)
          return <NothingFits order={3} title={t`Nothing fits in this month`} onClear={onClear} />;
        if (!days.length && !late.length)
          return (
            <Message order={3} icon={IconCalendarOff} title={t`Nothing in this month`}>
              <Text c="dimmed" size="sm">
                <Trans>The arrows above lead to other months.</Trans>
              </Text>
            </Message>
          );
        return (
          <Stack gap="lg">
            {late.length > 0 && <AgendaSection title={t`Overdue`} items={late} withDate />}
            {days
              .filter(([day]) => !thisMonth || day >= now)
              .map(([day, list]) => (
                <AgendaSection
                  key={day}
                  title={day === now ? t`Today, ${full(day)}` : full(day)}
                  items={list}
                />
              ))}
            {past.length > 0 && <AgendaSection title={t`Earlier this month`} items={past} withDate />}
          </Stack>
        );
      }}
    </Loaded>
  );
}

function byDay(events: CalendarEvent[], zone: string): [string, CalendarEvent[]][] {
  const days = new Map<string, CalendarEvent[]>();
  for (const event of events.toSorted((a, b) => a.start.localeCompare(b.start))) {
    const day = localDay(event.start, zone);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}
