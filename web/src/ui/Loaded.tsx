import { useLingui } from "@lingui/react/macro";
import { Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { PageError } from "./PageError";

interface Query<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  refetch: () => unknown;
}

interface Props<T> {
  query: Query<T>;
  /** Shown instead of the list when there is nothing in it. */
  empty?: (data: T) => ReactNode;
  skeleton?: ReactNode;
  /** The page's own heading when the error is all there is to show. */
  wholePage?: boolean;
  children: (data: T) => ReactNode;
}

/** Loading, error, empty, or what was asked for: the four states every list has. */
export function Loaded<T>({ query, empty, skeleton, wholePage, children }: Props<T>) {
  const { t } = useLingui();
  if (query.data !== undefined) return (empty?.(query.data) || children(query.data)) as ReactNode;
  if (query.error)
    return <PageError error={query.error} retry={() => void query.refetch()} order={wholePage ? 1 : 2} />;
  return (
    <Stack gap="sm" role="status" aria-label={t`Loading`}>
      {skeleton ?? [1, 2, 3, 4, 5].map((row) => <Skeleton key={row} h={56} radius="md" />)}
    </Stack>
  );
}
