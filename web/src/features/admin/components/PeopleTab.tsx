import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRoleName } from "../../../lib/names";
import { Pill } from "../../../ui/Pill";
import { peopleQuery, type User } from "../api/people";
import { type Column, PagedTable } from "../../../ui/PagedTable";
import { PersonDialog } from "./PersonDialog";
import { SearchBar } from "../../../ui/SearchBar";

export function PeopleTab() {
  const { t } = useLingui();
  const roleName = useRoleName();
  const [q, setQ] = useState<string>();
  const [edited, setEdited] = useState<User | "new">();
  const people = useInfiniteQuery({ ...peopleQuery(q), placeholderData: keepPreviousData });
  const columns: Column<User>[] = [
    {
      title: t`Name`,
      slot: "lead",
      cell: (user) => (
        <Text size="sm" fw={600}>
          {user.name}
        </Text>
      ),
    },
    { title: t`Email`, slot: "plain", cell: (user) => user.email },
    { title: t`Role`, slot: "plain", cell: (user) => roleName(user.role) },
    {
      title: t`Account`,
      slot: "state",
      cell: (user) =>
        user.active ? (
          user.premium && <Pill tone="scheduled">{t`Premium`}</Pill>
        ) : (
          <Pill icon={IconUserOff}>{t`Disabled`}</Pill>
        ),
    },
    {
      title: t`Actions`,
      slot: "actions",
      cell: (user) => (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-label={t`Edit ${user.name}`}
          onClick={() => setEdited(user)}
        >
          <Trans>Edit</Trans>
        </Button>
      ),
    },
  ];
  return (
    <>
      <SearchBar onSearch={setQ}>
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          <Trans>Add a person</Trans>
        </Button>
      </SearchBar>
      <PagedTable query={people} label={t`People`} empty={t`Nobody found`} columns={columns} />
      {edited && (
        <PersonDialog user={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}
