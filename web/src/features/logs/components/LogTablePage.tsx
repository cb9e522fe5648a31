import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Card, Center, Text } from "@mantine/core";
import { IconClipboardOff, IconDownload, IconPrinter, IconTool } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useErrorText } from "../../../lib/errorText";
import { useCommunityZone } from "../../../lib/features";
import { useReducer } from "react";
import { navigate, useSearch } from "../../../lib/navigation";
import { notify } from "../../../lib/notify";
import { can } from "../../../lib/policy";
import { logs as logsSearch, type LogsSearch } from "../../../lib/searches";
import { useUser } from "../../../lib/session";
import { LinkButton } from "../../../ui/LinkButton";
import { FilterPanel } from "../../../ui/FilterPanel";
import { Loaded } from "../../../ui/Loaded";
import { Message } from "../../../ui/Message";
import { NothingFits } from "../../../ui/NothingFits";
import { PageHeader } from "../../../ui/PageHeader";
import { useExportLogs } from "../api/exportLogs";
import { filtersOf, logsQuery } from "../api/logs";
import { LogFilters } from "./LogFilters";
import { LogTable } from "./LogTable";

export function LogTablePage() {
  const { t } = useLingui();
  const user = useUser();
  const zone = useCommunityZone();
  const errorText = useErrorText();
  const search = useSearch(logsSearch);
  const set = (change: Partial<LogsSearch>) =>
    navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  const filters = filtersOf(search, zone);
  // The fields begin anew with the filters.
  const [cleared, begin] = useReducer((times: number) => times + 1, 0);
  const clear = () => {
    begin();
    navigate({ replace: true });
  };
  const active = Object.keys(search).filter((name) => name !== "sort").length;
  const logs = useInfiniteQuery({ ...logsQuery(filters), placeholderData: keepPreviousData });
  const csv = useExportLogs();
  const save = () =>
    csv.mutate(filters, { onError: (error) => void notify({ message: errorText(error), tone: "problem" }) });
  return (
    <>
      <PageHeader title={t`Work log`} note={t`Everything that was done, by whom, and what was found.`}>
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          visibleFrom="sm"
          onClick={() => print()}
        >
          <Trans>Print</Trans>
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden />}
          loading={csv.isPending}
          onClick={save}
        >
          <Trans>Export as CSV</Trans>
        </Button>
        {can.logUnplanned(user) && (
          <LinkButton to="/logs/new" leftSection={<IconTool size={18} aria-hidden />}>
            <Trans>Log a repair</Trans>
          </LinkButton>
        )}
      </PageHeader>
      <FilterPanel key={cleared} active={active}>
        <LogFilters search={search} onChange={set} />
      </FilterPanel>
      <Loaded query={logs}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (!items.length && active) return <NothingFits title={t`No record fits`} onClear={clear} />;
          if (!items.length)
            return (
              <Message order={2} icon={IconClipboardOff} title={t`Nothing logged yet`}>
                <Text c="dimmed">
                  <Trans>Work appears here as soon as somebody logs it.</Trans>
                </Text>
              </Message>
            );
          return (
            <Card padding={0} component="section" aria-busy={logs.isPlaceholderData}>
              <LogTable
                logs={items}
                sort={filters.sort ?? "-performed_at"}
                onSort={(sort) => set({ sort })}
              />
              <Center p="md" className="no-print">
                {logs.hasNextPage ? (
                  <Button
                    variant="default"
                    loading={logs.isFetchingNextPage}
                    onClick={() => void logs.fetchNextPage()}
                  >
                    <Trans>Show more</Trans>
                  </Button>
                ) : (
                  <Text size="sm" c="dimmed">
                    <Plural value={items.length} one="# record" other="# records" />
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
