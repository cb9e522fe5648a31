import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { PersonPicker } from "../../../ui/PersonPicker";
import { type Resource, useDeleteThing, useSaveThing } from "../api/things";

export function ThingDialog({ thing, onClose }: { thing?: Resource; onClose: () => void }) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const save = useSaveThing();
  const remove = useDeleteThing();
  const [name, setName] = useState(thing?.name ?? "");
  const [description, setDescription] = useState(thing?.description ?? "");
  const [owner, setOwner] = useState(thing?.owner_id ?? null);
  const [sure, setSure] = useState(false);
  const error = save.error ?? remove.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name, description, ...(owner && { owner_id: owner }) };
    save.mutate({ id: thing?.id, body }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={thing ? t`Edit ${thing.name}` : t`Add a thing`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack>
          {error && (
            <Alert color="red" role="alert">
              {errorText(error)}
            </Alert>
          )}
          <TextInput
            label={t`Name`}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label={t`Description`}
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <PersonPicker label={t`Owner`} value={owner} onChange={(id) => setOwner(id)} clearable={false} />
          <Group justify="space-between">
            {thing ? (
              <Button
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() => (sure ? remove.mutate(thing.id, { onSuccess: onClose }) : setSure(true))}
              >
                {sure ? t`Really delete?` : t`Delete`}
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
