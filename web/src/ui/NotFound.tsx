import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCompass } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Message } from "./Message";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Message icon={IconCompass} title={t`Nothing is here`}>
      <p>
        <Trans>The address may be mistyped, or what stood here is gone or not yours to see.</Trans>
      </p>
      <Button component={Link} to="/calendar" variant="light">
        <Trans>Back to the calendar</Trans>
      </Button>
    </Message>
  );
}
