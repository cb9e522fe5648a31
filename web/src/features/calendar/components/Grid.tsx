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
import { PageError } from "../../../ui/PageError";
import { type CalendarEvent, calendarQuery } from "../api/getCalendar";
import { rangeOf } from "../lib/query";
import { targetOf } from "./AgendaItem";
import { GridEvent } from "./GridEvent";
import classes from "./Grid.module.css";
import { useDrag } from "./useDrag";
import { useDrop } from "./useDrop";
import { useHovered } from "./useHovered";
import { usePaper } from "./usePaper";

const PLUGINS = [themePlugin, dayGridPlugin];
const LOCALES = [deLocale, esLocale];
const VIEWS = { month: "dayGridMonth", week: "dayGridWeek" } as const;

const EventCard = lazy(async () => ({ default: (await import("./EventCard")).EventCard }));

/** Within a day what needs doing stands above what is done: only the first few fit. */
const RANKS = { overdue: 0, scheduled: 1, completed: 2 };

interface Props {
  view: keyof typeof VIEWS;
  date: string;
  search: CalendarSearch;
  onDate: (date: string) => void;
}

export function Grid({ view, date, search }: Props) {
  const { i18n } = useLingui();
  const zone = useCommunityZone();
  const user = useUser();
  const drop = useDrop();
  const drag = useDrag(can.writeSchedules(user));
  const calendar = useRef<CalendarRef>(null);
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
    navigate({ to: targetOf(info.event.extendedProps.entry as CalendarEvent) });
  };
  return (
    <div className={classes.grid} data-view={view} aria-busy={events.isFetching} {...handlers}>
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
        dayMaxEvents={view === "month" ? 4 : false}
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
      {hovered && (
        <Suspense fallback={null}>
          <EventCard {...hovered} />
        </Suspense>
      )}
    </div>
  );
}
