import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Stack, Text } from "@mantine/core";
import { signedOut, useSession } from "../../../lib/session";
import { SignInForm } from "./SignInForm";

/** Over the page, not instead of it: what was typed underneath stays, and the request that was refused goes on. */
export function ResumeDialog() {
  const { t } = useLingui();
  const { status, user } = useSession();
  const leave = () => {
    signedOut();
    location.assign("/sign-in");
  };
  return (
    <Modal
      opened={status === "expired"}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      title={t`Your session has ended`}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          <Trans>Sign in again to go on where you were. Nothing on this page is lost.</Trans>
        </Text>
        <SignInForm email={user?.email} />
        <Button variant="subtle" color="gray" onClick={leave}>
          <Trans>Leave and sign out</Trans>
        </Button>
      </Stack>
    </Modal>
  );
}
