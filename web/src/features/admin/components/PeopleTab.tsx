import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Text } from "@mantine/core";
import { IconUserOff, IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRoleName } from "../../../lib/names";
import { Pill } from "../../../ui/Pill";
import { peopleQuery, type User } from "../api/people";
import { PagedTable } from "./PagedTable";
import { PersonDialog } from "./PersonDialog";
import { SearchBar } from "./SearchBar";

export function PeopleTab() {
  const { t } = useLingui();
  const roleName = useRoleName();
  const [q, setQ] = useState<string>();
  const [edited, setEdited] = useState<User | "new">();
  const people = useInfiniteQuery({ ...peopleQuery(q), placeholderData: keepPreviousData });
  return (
    <>
      <SearchBar onSearch={setQ}>
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setEdited("new")}>
          <Trans>Add a person</Trans>
        </Button>
      </SearchBar>
      <PagedTable
        query={people}
        label={t`People`}
        empty={t`Nobody found`}
        head={[t`Name`, t`Email`, t`Role`, t`Account`, ""]}
        row={(user) => [
          <Text key="name" size="sm" fw={600}>
            {user.name}
          </Text>,
          user.email,
          roleName(user.role),
          user.active ? (
            user.premium && <Pill key="account" tone="scheduled">{t`Premium`}</Pill>
          ) : (
            <Pill key="account" icon={IconUserOff}>{t`Disabled`}</Pill>
          ),
          <Button
            key="edit"
            size="compact-sm"
            variant="subtle"
            aria-label={t`Edit ${user.name}`}
            onClick={() => setEdited(user)}
          >
            <Trans>Edit</Trans>
          </Button>,
        ]}
      />
      {edited && (
        <PersonDialog user={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </>
  );
}
