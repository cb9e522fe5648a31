import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Group, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconFilter, IconPrinter } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import type { CalendarSearch } from "../../../lib/searches";
import { addDays, addMonths, weekStart } from "../../../lib/zone";
import { useDayFormat } from "../lib/days";
import classes from "./Calendar.module.css";

const Filters = lazy(async () => ({ default: (await import("./CalendarFilters")).CalendarFilters }));

export type View = NonNullable<CalendarSearch["view"]>;

interface Props {
  view: View;
  /** The day the view shows, "YYYY-MM-DD". */
  date: string;
  search: CalendarSearch;
  onChange: (change: Partial<CalendarSearch>) => void;
}

export function CalendarToolbar({ view, date, search, onChange }: Props) {
  const { t } = useLingui();
  const { month, range } = useDayFormat();
  const active = [search.resource, search.type, search.person, search.status].filter(Boolean).length;
  const [open, { toggle }] = useDisclosure(active > 0);
  const go = (by: 1 | -1) =>
    onChange({ date: view === "week" ? addDays(date, 7 * by) : addMonths(date, by) });
  const monday = weekStart(date);
  const views = { month: t`Month`, week: t`Week`, agenda: t`Agenda` };
  return (
    <>
      <Group justify="space-between" mb="md" gap="sm">
        <Group gap={6} className={classes.place}>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t`Earlier`}
            className="no-print"
            onClick={() => go(-1)}
          >
            <IconChevronLeft size={18} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t`Later`}
            className="no-print"
            onClick={() => go(1)}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
          <Button
            variant="default"
            h={36}
            flex="none"
            className="no-print"
            onClick={() => onChange({ date: undefined })}
          >
            <Trans>Today</Trans>
          </Button>
          <Title order={2} size="h4" aria-live="polite" className={classes.heading}>
            {view === "week" ? range(monday, addDays(monday, 6)) : month(date)}
          </Title>
        </Group>
        <Group gap="xs" className={`${classes.views} no-print`}>
          <Button.Group aria-label={t`View`}>
            {(Object.keys(views) as View[]).map((name) => (
              <Button
                key={name}
                h={36}
                px="sm"
                variant={name === view ? "filled" : "default"}
                aria-pressed={name === view}
                onClick={() => onChange({ view: name })}
              >
                {views[name]}
              </Button>
            ))}
          </Button.Group>
          <Button
            h={36}
            px="sm"
            variant={active ? "light" : "default"}
            leftSection={<IconFilter size={16} aria-hidden />}
            aria-expanded={open}
            onClick={toggle}
          >
            {active ? t`Filters (${active})` : t`Filters`}
          </Button>
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t`Print`}
            visibleFrom="sm"
            onClick={() => print()}
          >
            <IconPrinter size={18} />
          </ActionIcon>
        </Group>
      </Group>
      {open && (
        <Suspense fallback={null}>
          <Filters search={search} onChange={onChange} />
        </Suspense>
      )}
    </>
  );
}
