import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useErrorText } from "../lib/errorText";
import { type Resource, useDeleteThing } from "../lib/things";

interface Props {
  thing: Resource;
  onKeep: () => void;
  onDeleted: () => void;
}

/** Asked in a dialog of its own: a thing that is deleted cannot be brought back here. */
export function DeleteThing({ thing, onKeep, onDeleted }: Props) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const remove = useDeleteThing();
  return (
    <Modal
      opened
      onClose={onKeep}
      title={t`Delete ${thing.name}?`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <Stack>
        {remove.error && (
          <Alert color="red" role="alert">
            {errorText(remove.error)}
          </Alert>
        )}
        <Text size="sm">
          <Trans>Nobody is reminded of it any more. What was logged is kept.</Trans>
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onKeep} data-autofocus>
            <Trans>Keep it</Trans>
          </Button>
          <Button
            color="red.8"
            loading={remove.isPending}
            onClick={() => remove.mutate(thing.id, { onSuccess: onDeleted })}
          >
            <Trans>Delete the thing</Trans>
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
