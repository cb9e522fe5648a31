import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";
import { useErrorText } from "../../../lib/errorText";
import { navigate } from "../../../lib/navigation";
import { notify } from "../../../lib/notify";
import { useDeleteSchedule, useRestoreSchedule } from "../api/changeSchedule";
import type { Schedule } from "../api/schedules";

export function DeleteButton({ schedule }: { schedule: Schedule }) {
  const { t } = useLingui();
  const [open, { open: ask, close }] = useDisclosure();
  const errorText = useErrorText();
  const remove = useDeleteSchedule();
  const go = () =>
    remove.mutate(schedule.id, {
      onSuccess: () => {
        void notify({ message: t`The plan is deleted. It can be restored.` });
        navigate({
          to: "/schedules",
          search: { deleted: true, resource: schedule.resource_id, q: schedule.schedule_type },
        });
      },
      onError: (error) => void notify({ message: errorText(error), tone: "problem" }),
      onSettled: close,
    });
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={18} aria-hidden />} onClick={ask}>
        <Trans>Delete</Trans>
      </Button>
      <Modal
        opened={open}
        onClose={close}
        title={t`Delete this plan?`}
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        <Text size="sm" mb="lg">
          <Trans>
            Nobody is reminded any more. What was logged is kept, and an admin can restore the plan.
          </Trans>
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            <Trans>Keep it</Trans>
          </Button>
          <Button color="red.8" loading={remove.isPending} onClick={go}>
            <Trans>Delete the plan</Trans>
          </Button>
        </Group>
      </Modal>
    </>
  );
}

export function RestoreButton({ schedule }: { schedule: Schedule }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const restore = useRestoreSchedule();
  const go = () =>
    restore.mutate(schedule.id, {
      onSuccess: () => void notify({ message: t`The plan is back.` }),
      onError: (error) => void notify({ message: errorText(error), tone: "problem" }),
    });
  return (
    <Button size="xs" variant="default" loading={restore.isPending} onClick={go}>
      <Trans>Restore</Trans>
    </Button>
  );
}
