import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, SegmentedControl, Text, useMantineColorScheme } from "@mantine/core";
import { IconAdjustments, IconLogout } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import type { User } from "../api/generated/model";
import { useSignOut } from "../features/auth/api/signOut";
import { chooseLocale, LOCALES, type Locale } from "../lib/i18n";
import { useRoleName } from "../lib/names";
import { UserButton } from "./UserButton";

/** The menu itself; `UserMenuButton` fetches it at the first touch. */
export default function UserMenu({ user }: { user: User }) {
  const { t, i18n } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const roleName = useRoleName();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const leave = () =>
    signOut.mutate(undefined, { onSettled: () => void navigate({ to: "/sign-in", search: {} }) });
  return (
    <Menu defaultOpened width={260} position="bottom-end" shadow="md" radius="lg">
      <Menu.Target>
        <UserButton user={user} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {user.email} · {roleName(user.role)}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/notifications/preferences"
          leftSection={<IconAdjustments size={18} aria-hidden />}
        >
          <Trans>Message preferences</Trans>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Appearance</Trans>
        </Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t`Appearance`}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={[
            { value: "auto", label: t`System` },
            { value: "light", label: t`Light` },
            { value: "dark", label: t`Dark` },
          ]}
        />
        <Menu.Label>
          <Trans>Language</Trans>
        </Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t`Language`}
          value={i18n.locale}
          onChange={(value) => void chooseLocale(value as Locale)}
          data={Object.entries(LOCALES).map(([value, label]) => ({ value, label }))}
        />
        <Menu.Divider mt="sm" />
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={leave}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
