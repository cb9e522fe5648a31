import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useErrorText } from "../lib/errorText";
import { can } from "../lib/policy";
import { useUser } from "../lib/session";
import { type Resource, useSaveThing } from "../lib/things";
import { DeleteThing } from "./DeleteThing";
import { PersonPicker } from "./PersonPicker";

export function ThingDialog({ thing, onClose }: { thing?: Resource; onClose: () => void }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const user = useUser();
  const save = useSaveThing();
  const [name, setName] = useState(thing?.name ?? "");
  const [description, setDescription] = useState(thing?.description ?? "");
  const [owner, setOwner] = useState(thing?.owner_id ?? null);
  const [deleting, setDeleting] = useState(false);
  const choosesOwner = can.chooseOwner(user);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name, description, ...(choosesOwner && owner && { owner_id: owner }) };
    save.mutate({ id: thing?.id, body }, { onSuccess: onClose });
  };
  if (thing && deleting)
    return <DeleteThing thing={thing} onKeep={() => setDeleting(false)} onDeleted={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={thing ? t`Edit ${thing.name}` : t`Register a thing`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack>
          {save.error && (
            <Alert color="red" role="alert">
              {errorText(save.error)}
            </Alert>
          )}
          <TextInput
            label={t`Name`}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label={t`Description`}
            autosize
            minRows={2}
            maxLength={10_000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {choosesOwner && (
            <PersonPicker label={t`Owner`} value={owner} onChange={(id) => setOwner(id)} clearable={false} />
          )}
          <Group justify="space-between">
            {thing ? (
              <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
                <Trans>Delete</Trans>
              </Button>
            ) : (
              <span />
            )}
            <Group>
              <Button variant="default" onClick={onClose}>
                <Trans>Cancel</Trans>
              </Button>
              <Button type="submit" loading={save.isPending}>
                <Trans>Save</Trans>
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
