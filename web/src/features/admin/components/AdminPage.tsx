import { useLingui } from "@lingui/react/macro";
import { Tabs } from "@mantine/core";
import { lazy, Suspense } from "react";
import { navigate, useSearch } from "../../../lib/navigation";
import { admin, ADMIN_TABS } from "../../../lib/searches";
import { PageHeader } from "../../../ui/PageHeader";
import { PageLoading } from "../../../ui/PageLoading";
import classes from "./Admin.module.css";

const PANELS = {
  overview: lazy(async () => ({ default: (await import("./OverviewTab")).OverviewTab })),
  deliveries: lazy(async () => ({ default: (await import("./DeliveriesTab")).DeliveriesTab })),
  users: lazy(async () => ({ default: (await import("./PeopleTab")).PeopleTab })),
  resources: lazy(async () => ({ default: (await import("../../../ui/ThingTable")).ThingTable })),
  outbox: lazy(async () => ({ default: (await import("./OutboxTab")).OutboxTab })),
  audit: lazy(async () => ({ default: (await import("./AuditTab")).AuditTab })),
};

type Tab = (typeof ADMIN_TABS)[number];

export function AdminPage() {
  const { t } = useLingui();
  const { tab = "overview" } = useSearch(admin);
  const names: Record<Tab, string> = {
    overview: t`Daily check`,
    deliveries: t`Deliveries`,
    users: t`People`,
    resources: t`Things`,
    outbox: t`Outbox`,
    audit: t`Audit trail`,
  };
  const Panel = PANELS[tab];
  return (
    <>
      <PageHeader title={t`Admin`} />
      <Tabs value={tab} keepMounted={false} onChange={(value) => navigate({ search: { tab: value as Tab } })}>
        <Tabs.List mb="lg" className={classes.tabs} aria-label={t`Admin`}>
          {ADMIN_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {names[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {ADMIN_TABS.map((name) => (
          <Tabs.Panel key={name} value={name}>
            <Suspense fallback={<PageLoading />}>
              <Panel />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
