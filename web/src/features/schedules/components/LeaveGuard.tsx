import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text } from "@mantine/core";
import { useBlocker } from "../../../lib/navigation";

/** Asks before typed changes are left behind, by a link or by closing the tab. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useLingui();
  const { proceed, stay } = useBlocker(dirty);
  return (
    <Modal
      opened={!!proceed}
      onClose={stay}
      title={t`Leave without saving?`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <Text size="sm" mb="lg">
        <Trans>What you changed here would be lost.</Trans>
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={stay} data-autofocus>
          <Trans>Stay</Trans>
        </Button>
        <Button color="red.8" onClick={() => proceed?.go()}>
          <Trans>Leave</Trans>
        </Button>
      </Group>
    </Modal>
  );
}
