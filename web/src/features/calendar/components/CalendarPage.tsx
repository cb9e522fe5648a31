import { Trans, useLingui } from "@lingui/react/macro";
import { Card, Group, Skeleton } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus, IconTool } from "@tabler/icons-react";
import { lazy, Suspense, useReducer } from "react";
import { useCommunityZone } from "../../../lib/features";
import { navigate, useSearch } from "../../../lib/navigation";
import { can } from "../../../lib/policy";
import { calendar, type CalendarSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { today } from "../../../lib/zone";
import { PageHeader } from "../../../ui/PageHeader";
import { NO_FILTERS } from "../lib/query";
import { Agenda } from "./Agenda";
import { CalendarToolbar } from "./CalendarToolbar";
import { Legend } from "./Legend";
import { LinkButton } from "../../../ui/LinkButton";

// FullCalendar is most of this page's weight and no phone opens it by itself.
const Grid = lazy(async () => ({ default: (await import("./Grid")).Grid }));

export function CalendarPage() {
  const { t } = useLingui();
  const user = useUser();
  const zone = useCommunityZone();
  const search = useSearch(calendar);
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const view = search.view ?? (phone ? "agenda" : "month");
  const date = search.date ?? today(zone);
  // The fields begin anew with the filters.
  const [cleared, begin] = useReducer((times: number) => times + 1, 0);
  const clear = () => {
    begin();
    set(NO_FILTERS);
  };
  const filtered = [search.resource, search.type, search.person, search.status].some(Boolean);
  const set = (change: Partial<CalendarSearch>) =>
    navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <>
      <PageHeader title={t`Calendar`}>
        {can.logUnplanned(user) && (
          <LinkButton to="/logs/new" variant="default" leftSection={<IconTool size={18} aria-hidden />}>
            <Trans>Log a repair</Trans>
          </LinkButton>
        )}
        {can.writeSchedules(user) && (
          <LinkButton to="/schedules/new" leftSection={<IconPlus size={18} aria-hidden />}>
            <Trans>New plan</Trans>
          </LinkButton>
        )}
      </PageHeader>
      <Card padding={phone ? "sm" : "lg"}>
        <CalendarToolbar key={cleared} view={view} date={date} search={search} onChange={set} />
        {view === "agenda" ? (
          <Agenda date={date} search={search} onClear={filtered ? clear : undefined} />
        ) : (
          <Suspense fallback={<Skeleton h={560} radius="md" />}>
            <Grid
              view={view}
              date={date}
              search={search}
              narrow={!!phone}
              onDate={(next) => set({ date: next })}
            />
          </Suspense>
        )}
        <Group mt="md">
          <Legend />
        </Group>
      </Card>
    </>
  );
}
