import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Card, Center, Text } from "@mantine/core";
import { IconPlus, IconRepeatOff } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useReducer } from "react";
import { navigate, useSearch } from "../../../lib/navigation";
import { can } from "../../../lib/policy";
import { schedules, type SchedulesSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { FilterPanel } from "../../../ui/FilterPanel";
import { Loaded } from "../../../ui/Loaded";
import { Message } from "../../../ui/Message";
import { NothingFits } from "../../../ui/NothingFits";
import { PageHeader } from "../../../ui/PageHeader";
import { schedulesQuery } from "../api/schedules";
import { ScheduleFilters } from "./ScheduleFilters";
import { ScheduleRow } from "./ScheduleRow";
import { LinkButton } from "../../../ui/LinkButton";

export function ScheduleListPage() {
  const { t } = useLingui();
  const user = useUser();
  const search = useSearch(schedules);
  const set = (change: Partial<SchedulesSearch>) =>
    navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const filters = {
    q: search.q,
    status: search.status,
    frequency: search.frequency,
    resource_id: search.resource,
    assigned_to: search.person,
    include_deleted: search.deleted,
    sort: search.sort ?? "next_due_date",
  };
  // The fields begin anew with the filters.
  const [cleared, begin] = useReducer((times: number) => times + 1, 0);
  const clear = () => {
    begin();
    navigate({ replace: true });
  };
  const active = Object.keys(search).filter((name) => name !== "sort").length;
  const list = useInfiniteQuery({ ...schedulesQuery(filters), placeholderData: keepPreviousData });
  return (
    <>
      <PageHeader title={t`Plans`} note={t`What has to be done, how often, and by whom.`}>
        {can.writeSchedules(user) && (
          <LinkButton to="/schedules/new" leftSection={<IconPlus size={18} aria-hidden />}>
            <Trans>New plan</Trans>
          </LinkButton>
        )}
      </PageHeader>
      <FilterPanel key={cleared} active={active}>
        <ScheduleFilters search={search} onChange={set} />
      </FilterPanel>
      <Loaded query={list}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (!items.length && active) return <NothingFits title={t`No plan fits`} onClear={clear} />;
          if (!items.length) return <NothingYet />;
          return (
            <Card padding={0} component="section" aria-busy={list.isPlaceholderData}>
              {items.map((schedule) => (
                <ScheduleRow key={schedule.id} schedule={schedule} />
              ))}
              <Center p="md">
                {list.hasNextPage ? (
                  <Button
                    variant="default"
                    loading={list.isFetchingNextPage}
                    onClick={() => void list.fetchNextPage()}
                  >
                    <Trans>Show more</Trans>
                  </Button>
                ) : (
                  <Text size="sm" c="dimmed">
                    <Plural value={items.length} one="# plan" other="# plans" />
                  </Text>
                )}
              </Center>
            </Card>
          );
        }}
      </Loaded>
    </>
  );
}

function NothingYet() {
  const { t } = useLingui();
  const user = useUser();
  return (
    <Message order={2} icon={IconRepeatOff} title={t`No plans yet`}>
      <Text c="dimmed">
        {can.writeSchedules(user)
          ? t`Make the first one: what has to be done to a thing, and how often.`
          : t`Plans that concern you appear here as soon as there are any.`}
      </Text>
    </Message>
  );
}
