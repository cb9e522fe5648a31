import { Trans, useLingui } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { useCommunityZone } from "../../../lib/features";
import { localDay, today } from "../../../lib/zone";
import type { CalendarEvent } from "../api/getCalendar";
import { useDayFormat } from "../lib/days";
import { RANKS } from "../lib/ranks";
import { AgendaSection } from "./AgendaSection";

/** Below a grid whose days are too narrow for words: the chosen day, in words. */
export function ChosenDay({ date, events }: { date: string; events: CalendarEvent[] }) {
  const { t } = useLingui();
  const zone = useCommunityZone();
  const { full } = useDayFormat();
  const items = events
    .filter((event) => localDay(event.start, zone) === date)
    .toSorted((a, b) => RANKS[a.status] - RANKS[b.status] || a.start.localeCompare(b.start));
  return (
    <div aria-live="polite">
      <AgendaSection title={date === today(zone) ? t`Today, ${full(date)}` : full(date)} items={items} />
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>Nothing on this day. Touch another to see what it holds.</Trans>
        </Text>
      )}
    </div>
  );
}
