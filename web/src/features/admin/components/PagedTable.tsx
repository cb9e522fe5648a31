import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Card, Center, Table, VisuallyHidden } from "@mantine/core";
import { IconTableOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Loaded } from "../../../ui/Loaded";
import { Message } from "../../../ui/Message";
import { SIDEWAYS } from "../lib/sideways";

interface Query<T> {
  data: { pages: { items: T[] }[] } | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

interface Props<T> {
  query: Query<T>;
  label: string;
  head: ReactNode[];
  /** The cells of a row. */
  row: (item: T) => ReactNode[];
  empty: string;
}

/** The tables of the admin panel: loading, error, empty, and a page more. */
export function PagedTable<T extends { id: string }>({ query, label, head, row, empty }: Props<T>) {
  const { t } = useLingui();
  return (
    <Loaded
      query={query}
      empty={({ pages }) =>
        !pages[0]?.items.length && <Message order={2} icon={IconTableOff} title={empty} />
      }
    >
      {({ pages }) => (
        <Card padding={0} component="section" aria-label={label}>
          <Table.ScrollContainer minWidth={680} scrollAreaProps={SIDEWAYS}>
            <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  {head.map((title, at) => (
                    <Table.Th key={at}>{title || <VisuallyHidden>{t`Actions`}</VisuallyHidden>}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {pages.flatMap((page) =>
                  page.items.map((item) => (
                    <Table.Tr key={item.id}>
                      {row(item).map((cell, at) => (
                        <Table.Td key={at}>{cell}</Table.Td>
                      ))}
                    </Table.Tr>
                  )),
                )}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
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
