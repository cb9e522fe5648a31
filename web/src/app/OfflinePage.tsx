import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Container, Text } from "@mantine/core";
import { IconWifiOff } from "@tabler/icons-react";
import { useEffect } from "react";
import { QueueBanner } from "../features/logs/components/QueueBanner";
import { Message } from "../ui/Message";

/** Opened without a connection: nobody is signed in yet, but work that waits is shown to be safe. */
export function OfflinePage({ retry }: { retry: () => void }) {
  const { t } = useLingui();
  useEffect(() => {
    const timer = setInterval(retry, 15_000);
    addEventListener("online", retry);
    return () => {
      clearInterval(timer);
      removeEventListener("online", retry);
    };
  }, [retry]);
  return (
    <Container size="sm" component="main" pt="xl">
      <QueueBanner />
      <Message icon={IconWifiOff} title={t`No connection`} color="yellow">
        <Text c="dimmed">
          <Trans>
            This page opens by itself as soon as the server can be reached. Nothing you logged is lost.
          </Trans>
        </Text>
        <Button variant="light" onClick={retry}>
          <Trans>Try now</Trans>
        </Button>
      </Message>
    </Container>
  );
}
