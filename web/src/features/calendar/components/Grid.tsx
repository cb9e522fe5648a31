import "@fullcalendar/react/skeleton.css";
import "@fullcalendar/react/themes/classic/theme.css";
import "@fullcalendar/react/themes/classic/palette.css";
import FullCalendar, { type CalendarRef, type EventClickInfo, type EventDropInfo } from "@fullcalendar/react";
import dayGridPlugin from "@fullcalendar/react/daygrid";
import deLocale from "@fullcalendar/react/locales/de";
import esLocale from "@fullcalendar/react/locales/es";
import themePlugin from "@fullcalendar/react/themes/classic";
import { useLingui } from "@lingui/react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useCommunityZone } from "../../../lib/features";
import { navigate } from "../../../lib/navigation";
import { can } from "../../../lib/policy";
import type { CalendarSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { localDay } from "../../../lib/zone";
import { PageError } from "../../../ui/PageError";
import { type CalendarEvent, calendarQuery } from "../api/getCalendar";
import { rangeOf } from "../lib/query";
import { RANKS } from "../lib/ranks";
import { targetOf } from "./AgendaItem";
import { ChosenDay } from "./ChosenDay";
import { GridEvent } from "./GridEvent";
import classes from "./Grid.module.css";
import { useChoice } from "./useChoice";
import { useDrag } from "./useDrag";
import { useDrop } from "./useDrop";
import { useHovered } from "./useHovered";
import { usePaper } from "./usePaper";

const PLUGINS = [themePlugin, dayGridPlugin];
const LOCALES = [deLocale, esLocale];
const VIEWS = { month: "dayGridMonth", week: "dayGridWeek" } as const;

const EventCard = lazy(async () => ({ default: (await import("./EventCard")).EventCard }));

interface Props {
  view: keyof typeof VIEWS;
  date: string;
  search: CalendarSearch;
  /** Days too narrow for words: one of them is chosen and shown below. */
  narrow: boolean;
  onDate: (date: string) => void;
}

export function Grid({ view, date, search, narrow, onDate }: Props) {
  const { i18n } = useLingui();
  const zone = useCommunityZone();
  const user = useUser();
  const drop = useDrop();
  const drag = useDrag(can.writeSchedules(user));
  const calendar = useRef<CalendarRef>(null);
  const days = useChoice(narrow, onDate);
  usePaper(calendar);
  const events = useQuery(calendarQuery(rangeOf(view, date, search, zone)));
  const { hovered, handlers } = useHovered((id) => events.data?.find((entry) => entry.id === id));
  // Not while React renders: FullCalendar renders its own tree at once.
  useEffect(
    () => queueMicrotask(() => calendar.current?.getApi().changeView(VIEWS[view], date)),
    [view, date],
  );
  if (events.error && !events.data)
    return <PageError order={3} error={events.error} retry={() => void events.refetch()} />;
  const open = (info: EventClickInfo) => {
    info.jsEvent.preventDefault();
    if (!narrow) navigate({ to: targetOf(info.event.extendedProps.entry as CalendarEvent) });
  };
  return (
    <>
      <div
        className={classes.grid}
        data-view={view}
        data-narrow={narrow || undefined}
        aria-busy={events.isFetching}
        ref={days}
        {...(narrow ? {} : handlers)}
      >
        <FullCalendar
          // It wires its parts once: dragging needs it made anew.
          key={drag ? "drag" : "still"}
          ref={calendar}
          plugins={drag ? [...PLUGINS, drag] : PLUGINS}
          locales={LOCALES}
          locale={i18n.locale === "en" ? "en-gb" : i18n.locale}
          firstDay={1}
          timeZone={zone}
          initialView={VIEWS[view]}
          initialDate={date}
          headerToolbar={false}
          height="auto"
          dayMaxEvents={view === "month" ? (narrow ? 3 : 4) : false}
          moreLinkClass={narrow ? classes.more : ""}
          moreLinkClick={narrow ? () => undefined : "popover"}
          dayCellClass={(info) => (narrow && localDay(info.date, zone) === date ? classes.chosen! : "")}
          eventOrder="rank,start"
          events={(events.data ?? []).map((entry) => ({
            id: entry.id,
            title: entry.title,
            start: entry.start,
            url: targetOf(entry),
            editable: can.writeSchedules(user) && entry.kind === "occurrence" && entry.status !== "completed",
            extendedProps: { entry, rank: RANKS[entry.status] },
          }))}
          eventDisplay="block"
          eventClass={classes.frame}
          eventDurationEditable={false}
          eventClick={open}
          eventDrop={(info: EventDropInfo) => drop(info)}
          eventContent={(info) => <GridEvent entry={info.event.extendedProps.entry as CalendarEvent} />}
        />
        {hovered && !narrow && (
          <Suspense fallback={null}>
            <EventCard {...hovered} />
          </Suspense>
        )}
      </div>
      {narrow && <ChosenDay date={date} events={events.data ?? []} />}
    </>
  );
}
