import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconPhoto,
} from "@tabler/icons-react";
import {
  createColumnHelper,
  FlexRender,
  rowExpandingFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { Fragment, useMemo, useState } from "react";
import type { LogsSearch } from "../../../lib/searches";
import { useTime } from "../../../lib/time";
import { CardTable } from "../../../ui/CardTable";
import type { Log } from "../api/logs";
import { IssuesPill, VoidPill } from "./IssuesPill";
import { LogDetails } from "./LogDetails";
import classes from "./LogTable.module.css";

const features = tableFeatures({ rowExpandingFeature, rowSortingFeature });
const helper = createColumnHelper<typeof features, Log>();

type Sort = NonNullable<LogsSearch["sort"]>;

interface Props {
  logs: Log[];
  /** The server sorts; here it is only shown and asked for. */
  sort: string;
  onSort: (sort: Sort) => void;
}

export function LogTable({ logs, sort, onSort }: Props) {
  const { t } = useLingui();
  const time = useTime();
  const [expanded, setExpanded] = useState<Record<string, boolean>>({});
  const columns = useMemo(
    () =>
      helper.columns([
        helper.accessor("performed_at", { header: t`Done`, cell: (cell) => time.dateTime(cell.getValue()) }),
        helper.accessor((log) => log.resource?.name ?? "–", {
          id: "thing",
          header: t`Thing`,
          enableSorting: false,
          cell: ({ row: { original: log } }) => (
            <>
              <Text size="sm" fw={600}>
                {log.resource?.name}
              </Text>
              <Text size="xs" c="dimmed">
                {log.schedule_type ?? t`Unplanned`}
              </Text>
            </>
          ),
        }),
        helper.accessor((log) => log.performer?.name ?? "–", {
          id: "person",
          header: t`Done by`,
          enableSorting: false,
        }),
        helper.accessor("issues_found", {
          header: t`Issues`,
          enableSorting: false,
          cell: ({ row: { original: log } }) =>
            log.voided_at ? <VoidPill /> : <IssuesPill issues={log.issues_found} />,
        }),
        helper.accessor((log) => log.photos?.length ?? 0, {
          id: "photos",
          header: t`Photos`,
          enableSorting: false,
          cell: (cell) =>
            cell.getValue() > 0 && (
              <span className={classes.count}>
                <IconPhoto size={16} aria-hidden /> {cell.getValue()}
              </span>
            ),
        }),
      ]),
    [t, time],
  );
  const table = useTable({
    features,
    columns,
    data: logs,
    getRowId: (log) => log.id,
    getRowCanExpand: () => true,
    manualSorting: true,
    manualExpanding: true,
    enableSortingRemoval: false,
    state: { expanded, sorting: [{ id: sort.replace("-", ""), desc: sort.startsWith("-") }] },
    onExpandedChange: (change) =>
      setExpanded((old) => (typeof change === "function" ? change(old) : change) as Record<string, boolean>),
  });

  return (
    <CardTable className={classes.table} verticalSpacing="sm" horizontalSpacing="md">
      <CardTable.Head>
        {table.getHeaderGroups().map((group) => (
          <CardTable.Row key={group.id}>
            <CardTable.Title w={48} className="no-print">
              <VisuallyHidden>{t`Details`}</VisuallyHidden>
            </CardTable.Title>
            {group.headers.map((header) => (
              <CardTable.Title key={header.id} data-column={header.id} aria-sort={ariaSort(header.column)}>
                {header.column.getCanSort() ? (
                  <UnstyledButton
                    className={classes.sort}
                    onClick={() => onSort((sort.startsWith("-") ? header.id : `-${header.id}`) as Sort)}
                  >
                    <FlexRender header={header} />
                    {sort.startsWith("-") ? (
                      <IconArrowDown size={14} aria-hidden />
                    ) : (
                      <IconArrowUp size={14} aria-hidden />
                    )}
                  </UnstyledButton>
                ) : (
                  <FlexRender header={header} />
                )}
              </CardTable.Title>
            ))}
          </CardTable.Row>
        ))}
      </CardTable.Head>
      <CardTable.Body>
        {table.getRowModel().rows.map((row) => {
          const open = !!expanded[row.id];
          return (
            <Fragment key={row.id}>
              <CardTable.Row data-voided={!!row.original.voided_at || undefined}>
                <CardTable.Cell className="no-print">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={32}
                    aria-expanded={open}
                    aria-label={t`Details of ${row.original.resource?.name ?? ""}, ${time.date(row.original.performed_at)}`}
                    onClick={() => row.toggleExpanded()}
                  >
                    {open ? <IconChevronDown size={18} /> : <IconChevronRight size={18} />}
                  </ActionIcon>
                </CardTable.Cell>
                {row.getAllCells().map((cell) => (
                  <CardTable.Cell key={cell.id} data-column={cell.column.id}>
                    <FlexRender cell={cell} />
                  </CardTable.Cell>
                ))}
              </CardTable.Row>
              {open && (
                <CardTable.Row className={classes.details}>
                  <CardTable.Cell colSpan={columns.length + 1}>
                    <LogDetails log={row.original} />
                  </CardTable.Cell>
                </CardTable.Row>
              )}
            </Fragment>
          );
        })}
      </CardTable.Body>
    </CardTable>
  );
}

function ariaSort(sorted: { getIsSorted: () => false | "asc" | "desc"; getCanSort: () => boolean }) {
  if (!sorted.getCanSort()) return undefined;
  const by = sorted.getIsSorted();
  return by ? (by === "asc" ? "ascending" : "descending") : "none";
}
