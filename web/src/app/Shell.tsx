import { Trans, useLingui } from "@lingui/react/macro";
import { Box, Burger, Container, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBell,
  IconCalendarMonth,
  IconClipboardCheck,
  IconPackage,
  IconRepeat,
  IconSettings,
  type Icon,
} from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import type { User } from "../api/generated/model";
import { QueueBanner } from "../features/logs/components/QueueBanner";
import { Bell } from "../features/notifications/components/Bell";
import { useCommunityZone, useMaintenanceEnabled } from "../lib/features";
import { usePath } from "../lib/navigation";
import { can } from "../lib/policy";
import { useSession } from "../lib/session";
import { Brand } from "../ui/Brand";
import { Link } from "../ui/Link";
import { PageLoading } from "../ui/PageLoading";
import classes from "./Shell.module.css";
import { UserButton } from "./UserButton";

interface Item {
  to: "/calendar" | "/schedules" | "/logs" | "/notifications" | "/things" | "/admin";
  label: string;
  icon: Icon;
}

function useItems(): Item[] {
  const { t } = useLingui();
  const { user } = useSession();
  const enabled = useMaintenanceEnabled();
  const items: Item[] = [];
  if (enabled)
    items.push(
      { to: "/calendar", label: t`Calendar`, icon: IconCalendarMonth },
      { to: "/schedules", label: t`Plans`, icon: IconRepeat },
      { to: "/logs", label: t`Work log`, icon: IconClipboardCheck },
    );
  items.push({ to: "/notifications", label: t`Messages`, icon: IconBell });
  // Whoever keeps everybody's things finds the own ones there.
  if (user)
    items.push(
      can.administer(user)
        ? { to: "/admin", label: t`Admin`, icon: IconSettings }
        : { to: "/things", label: t`My things`, icon: IconPackage },
    );
  return items;
}

export function Shell({ children }: { children: ReactNode }) {
  const { user } = useSession();
  // Fetched while there is a connection: it is what opens when there is none.
  useEffect(() => void import("./OfflinePage"), []);
  const [open, { toggle, close }] = useDisclosure();
  const { t } = useLingui();
  if (!user) return <PageLoading />;
  return (
    <div className={classes.shell} data-open={open || undefined}>
      <a className="skip-link" href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      <nav className={classes.navbar} aria-label={t`Main`}>
        <Group h={40} mb="md" px={6} justify="space-between" wrap="nowrap">
          <Brand />
          <Burger opened={open} onClick={toggle} size="sm" hiddenFrom="md" aria-label={t`Close the menu`} />
        </Group>
        <Navigation onNavigate={close} />
      </nav>
      <header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" hiddenFrom="md">
            <Burger opened={open} onClick={toggle} size="sm" aria-label={t`Menu`} aria-expanded={open} />
            <Brand />
          </Group>
          <Box visibleFrom="md">
            <ZoneNote />
          </Box>
          <Group gap="xs" wrap="nowrap">
            <Bell />
            <AccountMenu user={user} />
          </Group>
        </Group>
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Container size={1180} px={0}>
          <QueueBanner />
          <Suspense fallback={<PageLoading />}>{children}</Suspense>
        </Container>
        {/* Where the component kit draws what lies over the page: it belongs to the content. */}
        <div data-mantine-shared-portal-node className="no-print" />
      </main>
    </div>
  );
}

const UserMenu = lazy(() => import("./UserMenu"));

/** The menu brings a popover with it: fetched when it is first opened. */
function AccountMenu({ user }: { user: User }) {
  const [wanted, setWanted] = useState(false);
  const button = <UserButton user={user} onClick={() => setWanted(true)} aria-haspopup="dialog" />;
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <UserMenu user={user} />
    </Suspense>
  );
}

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const path = usePath();
  return (
    <Stack gap={4}>
      {useItems().map(({ to, label, icon: IconComponent }) => (
        <Link
          key={to}
          to={to}
          className={classes.link}
          aria-current={path.startsWith(to) ? "page" : undefined}
          onClick={onNavigate}
        >
          <IconComponent size={20} stroke={1.7} aria-hidden />
          {label}
        </Link>
      ))}
    </Stack>
  );
}

/** Every time in the application is the community's, wherever the reader sits. */
function ZoneNote() {
  const zone = useCommunityZone().replaceAll("_", " ");
  return (
    <Text size="sm" c="dimmed">
      <Trans>All times are in the community's time zone, {zone}</Trans>
    </Text>
  );
}
