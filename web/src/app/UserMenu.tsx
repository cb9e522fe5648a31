import { Trans, useLingui } from "@lingui/react/macro";
import {
  Button,
  Divider,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  useMantineColorScheme,
} from "@mantine/core";
import { IconAdjustments, IconLock, IconLogout } from "@tabler/icons-react";
import { useState } from "react";
import type { User } from "../api/generated/model";
import { useSignOut } from "../features/auth/api/signOut";
import { chooseLocale, LOCALES, type Locale } from "../lib/i18n";
import { useRoleName } from "../lib/names";
import { LinkButton } from "../ui/LinkButton";
import { UserButton } from "./UserButton";

/** What the account button opens; the button fetches it at the first touch. */
export default function UserMenu({ user }: { user: User }) {
  const { t, i18n } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const roleName = useRoleName();
  const signOut = useSignOut();
  const [opened, setOpened] = useState(true);
  const item = { variant: "subtle", color: "gray", justify: "flex-start", fw: 500 } as const;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width={270}
      position="bottom-end"
      shadow="md"
      radius="lg"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UserButton user={user} onClick={() => setOpened(!opened)} />
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600} truncate>
          {user.name}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {user.email}
        </Text>
        <Text size="xs" c="dimmed">
          {roleName(user.role)}
        </Text>
        <Divider my="xs" />
        <Stack gap="xs">
          <LinkButton
            to="/notifications/preferences"
            {...item}
            leftSection={<IconAdjustments size={18} aria-hidden />}
            onClick={() => setOpened(false)}
          >
            <Trans>Message preferences</Trans>
          </LinkButton>
          <LinkButton
            to="/password"
            {...item}
            leftSection={<IconLock size={18} aria-hidden />}
            onClick={() => setOpened(false)}
          >
            <Trans>Change the password</Trans>
          </LinkButton>
          <Text size="xs" c="dimmed">
            <Trans>Appearance</Trans>
          </Text>
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
          <Text size="xs" c="dimmed">
            <Trans>Language</Trans>
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t`Language`}
            value={i18n.locale}
            onChange={(value) => void chooseLocale(value as Locale)}
            data={Object.entries(LOCALES).map(([value, label]) => ({ value, label }))}
          />
          <Divider />
          <Button
            {...item}
            leftSection={<IconLogout size={18} aria-hidden />}
            loading={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            <Trans>Sign out</Trans>
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
