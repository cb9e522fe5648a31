import { Trans, useLingui } from "@lingui/react/macro";
import { IconCompass } from "@tabler/icons-react";
import { Message } from "./Message";
import { LinkButton } from "./LinkButton";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Message icon={IconCompass} title={t`Nothing is here`}>
      <p>
        <Trans>The address may be mistyped, or what stood here is gone or not yours to see.</Trans>
      </p>
      <LinkButton to="/calendar" variant="light">
        <Trans>Back to the calendar</Trans>
      </LinkButton>
    </Message>
  );
}
