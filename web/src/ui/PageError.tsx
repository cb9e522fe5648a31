import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Code, Text } from "@mantine/core";
import { IconAlertTriangle, IconWifiOff } from "@tabler/icons-react";
import { useErrorText } from "../lib/errorText";
import { ApiError, OfflineError } from "../lib/problem";
import { Message } from "./Message";
import { NotFound } from "./NotFound";

interface Props {
  error: unknown;
  retry?: () => void;
  order?: 1 | 2 | 3;
}

/** An error in words, with the correlation id that finds it in the server's log. */
export function PageError({ error, retry, order = 1 }: Props) {
  const { t } = useLingui();
  const errorText = useErrorText();
  if (order === 1 && error instanceof ApiError && error.status === 404) return <NotFound />;
  const offline = error instanceof OfflineError;
  const id = error instanceof ApiError ? error.problem.correlation_id : undefined;
  return (
    <Message
      order={order}
      color={offline ? "yellow" : "red"}
      icon={offline ? IconWifiOff : IconAlertTriangle}
      title={offline ? t`No connection` : t`This did not work`}
    >
      <Text role="alert">{errorText(error)}</Text>
      {id && (
        <Text size="xs" c="dimmed">
          <Trans>
            For support: <Code>{id}</Code>
          </Trans>
        </Text>
      )}
      {retry && (
        <Button variant="light" onClick={retry}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </Message>
  );
}
