import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { chooseLocale, LOCALES, type Locale } from "../../../lib/i18n";
import { navigate, useSearch } from "../../../lib/navigation";
import { signIn } from "../../../lib/searches";
import { useSession } from "../../../lib/session";
import { Brand } from "../../../ui/Brand";
import { SignInForm } from "./SignInForm";

export function SignInPage() {
  const { t, i18n } = useLingui();
  const { next } = useSearch(signIn);
  const { status } = useSession();
  const done = status === "signed-in";
  useEffect(() => {
    if (!done) return;
    const { pathname, search } = new URL(next ?? "/calendar", location.origin);
    navigate({ to: pathname, search: Object.fromEntries(new URLSearchParams(search)), replace: true });
  }, [done, next]);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={400} gap="lg">
        <Group justify="center">
          <Brand size={40} />
        </Group>
        <Card p="xl" shadow="sm">
          <Title order={1} size="h3" mb={4}>
            <Trans>Sign in</Trans>
          </Title>
          <Text c="dimmed" size="sm" mb="lg">
            <Trans>See what is due, log what you did, keep shared things working.</Trans>
          </Text>
          <SignInForm />
        </Card>
        <Group justify="center" gap={4} role="group" aria-label={t`Language`}>
          {Object.entries(LOCALES).map(([locale, name]) => (
            <Button
              key={locale}
              size="compact-sm"
              variant={locale === i18n.locale ? "light" : "subtle"}
              aria-pressed={locale === i18n.locale}
              lang={locale}
              onClick={() => void chooseLocale(locale as Locale)}
            >
              {name}
            </Button>
          ))}
        </Group>
      </Stack>
    </Center>
  );
}
