import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMaintenanceEnabled } from "../lib/features";
import { type Resource, thingsQuery } from "../lib/things";
import { useTime } from "../lib/time";
import { LinkButton } from "./LinkButton";
import { type Column, PagedTable } from "./PagedTable";
import { SearchBar } from "./SearchBar";
import { ThingDialog } from "./ThingDialog";

/** The shared things, to be registered, changed and deleted: everybody's, or those of one owner. */
export function ThingTable({ owner }: { owner?: string }) {
  const { t } = useLingui();
  const time = useTime();
  const planned = useMaintenanceEnabled();
  const [q, setQ] = useState<string>();
  const [edited, setEdited] = useState<Resource | "new">();
  const things = useInfiniteQuery({
    ...thingsQuery({ q, owner_id: owner }),
    placeholderData: keepPreviousData,
  });
  const owners: Column<Resource> = { title: t`Owner`, cell: (thing) => thing.owner?.name ?? t`nobody` };
  const columns: Column<Resource>[] = [
    {
      title: t`Name`,
      slot: "lead",
      cell: (thing) => (
        <>
          <Text size="sm" fw={600}>
            {thing.name}
          </Text>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {thing.description}
          </Text>
        </>
      ),
    },
    ...(owner ? [] : [owners]),
    { title: t`Since`, cell: (thing) => time.date(thing.created_at) },
    {
      title: t`Actions`,
      slot: "actions",
      cell: (thing) => (
        <Group gap={4} wrap="nowrap">
          {planned && (
            <LinkButton to="/schedules" search={{ resource: thing.id }} size="compact-sm" variant="subtle">
              <Trans>Plans</Trans>
            </LinkButton>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t`Edit ${thing.name}`}
            onClick={() => setEdited(thing)}
          >
            <Trans>Edit</Trans>
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <>
      <SearchBar onSearch={setQ}>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          <Trans>Register a thing</Trans>
        </Button>
      </SearchBar>
      <PagedTable
        query={things}
        label={owner ? t`My things` : t`Things`}
        empty={owner && !q ? t`Nothing of yours is registered yet` : t`No things found`}
        columns={columns}
      />
      {edited && (
        <ThingDialog thing={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}
