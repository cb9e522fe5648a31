import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Container, Text } from "@mantine/core";
import { IconWifiOff } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { QueueBanner } from "../features/logs/components/QueueBanner";
import { Message } from "../ui/Message";

/** Opened without a connection: nobody is signed in yet, but work that waits is shown to be safe. */
export function OfflinePage() {
  const { t } = useLingui();
  const router = useRouter();
  useEffect(() => {
    const again = () => void router.invalidate();
    const timer = setInterval(again, 15_000);
    addEventListener("online", again);
    return () => {
      clearInterval(timer);
      removeEventListener("online", again);
    };
  }, [router]);
  return (
    <Container size="sm" component="main" pt="xl">
      <QueueBanner />
      <Message icon={IconWifiOff} title={t`No connection`} color="yellow">
        <Text c="dimmed">
          <Trans>
            This page opens by itself as soon as the server can be reached. Nothing you logged is lost.
          </Trans>
        </Text>
        <Button variant="light" onClick={() => void router.invalidate()}>
          <Trans>Try now</Trans>
        </Button>
      </Message>
    </Container>
  );
}
