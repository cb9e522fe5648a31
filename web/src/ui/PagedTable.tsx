import { Trans } from "@lingui/react/macro";
import { Button, Card, Center, VisuallyHidden } from "@mantine/core";
import { IconTableOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CardTable, type Slot } from "./CardTable";
import { Loaded } from "./Loaded";
import { Message } from "./Message";

interface Query<T> {
  data: { pages: { items: T[] }[] } | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export interface Column<T> {
  title: string;
  cell: (item: T) => ReactNode;
  slot?: Slot;
}

interface Props<T> {
  query: Query<T>;
  label: string;
  columns: Column<T>[];
  empty: string;
}

/** A table of what the server pages: loading, error, empty, and a page more. */
export function PagedTable<T extends { id: string }>({ query, label, columns, empty }: Props<T>) {
  return (
    <Loaded
      query={query}
      empty={({ pages }) =>
        !pages[0]?.items.length && <Message order={2} icon={IconTableOff} title={empty} />
      }
    >
      {({ pages }) => (
        <Card padding={0} component="section" aria-label={label}>
          <CardTable verticalSpacing="sm" horizontalSpacing="md">
            <CardTable.Head>
              <CardTable.Row>
                {columns.map(({ title, slot }) => (
                  <CardTable.Title key={title}>
                    {slot === "actions" ? <VisuallyHidden>{title}</VisuallyHidden> : title}
                  </CardTable.Title>
                ))}
              </CardTable.Row>
            </CardTable.Head>
            <CardTable.Body>
              {pages.flatMap((page) =>
                page.items.map((item) => (
                  <CardTable.Row key={item.id}>
                    {columns.map(({ title, cell, slot = "value" }) => (
                      <CardTable.Cell key={title} data-slot={slot} data-title={title}>
                        {cell(item)}
                      </CardTable.Cell>
                    ))}
                  </CardTable.Row>
                )),
              )}
            </CardTable.Body>
          </CardTable>
          {query.hasNextPage && (
            <Center p="md">
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                <Trans>Show more</Trans>
              </Button>
            </Center>
          )}
        </Card>
      )}
    </Loaded>
  );
}
