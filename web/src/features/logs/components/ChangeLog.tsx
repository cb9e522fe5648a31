import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type FormEvent, type ReactNode, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { useIssuesName } from "../../../lib/names";
import { useAmendLog, useVoidLog } from "../api/changeLog";
import type { Log } from "../api/logs";

interface DialogProps {
  title: string;
  action: string;
  open: boolean;
  pending: boolean;
  error: unknown;
  color?: string;
  onSubmit: (reason: string) => void;
  onClose: () => void;
  children?: ReactNode;
}

/** Both changes need a reason: the record of what was changed is worth as much as the record itself. */
function ReasonDialog({
  title,
  action,
  open,
  pending,
  error,
  color,
  onSubmit,
  onClose,
  children,
}: DialogProps) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(reason.trim());
  };
  return (
    <Modal opened={open} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t`Close` }}>
      <form onSubmit={submit}>
        <Stack>
          {!!error && (
            <Alert color="red" role="alert">
              {errorText(error)}
            </Alert>
          )}
          {children}
          <TextInput
            label={t`Reason`}
            required
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" color={color} loading={pending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

export function AmendButton({ log }: { log: Log }) {
  const { t } = useLingui();
  const issuesName = useIssuesName();
  const [open, { open: ask, close }] = useDisclosure();
  const amend = useAmendLog();
  const [notes, setNotes] = useState(log.notes ?? "");
  const [issues, setIssues] = useState(log.issues_found);
  const submit = (reason: string) =>
    amend.mutate({ id: log.id, reason, notes, issues_found: issues }, { onSuccess: close });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={ask}>
        <Trans>Amend</Trans>
      </Button>
      <ReasonDialog
        title={t`Amend this record`}
        action={t`Save the amendment`}
        open={open}
        pending={amend.isPending}
        error={amend.error}
        onSubmit={submit}
        onClose={close}
      >
        <Select
          label={t`Issues found`}
          allowDeselect={false}
          value={issues}
          onChange={(value) => setIssues(value as typeof issues)}
          data={["none", "minor", "major"].map((value) => ({ value, label: issuesName(value) }))}
        />
        <Textarea
          label={t`Notes`}
          autosize
          minRows={3}
          maxLength={10_000}
          value={notes}
          onChange={(event) => setNotes(event.currentTarget.value)}
        />
      </ReasonDialog>
    </>
  );
}

export function VoidButton({ log }: { log: Log }) {
  const { t } = useLingui();
  const [open, { open: ask, close }] = useDisclosure();
  const remove = useVoidLog();
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={ask}>
        <Trans>Declare void</Trans>
      </Button>
      <ReasonDialog
        title={t`Declare this record void?`}
        action={t`Declare void`}
        color="red.8"
        open={open}
        pending={remove.isPending}
        error={remove.error}
        onSubmit={(reason) => remove.mutate({ id: log.id, reason }, { onSuccess: close })}
        onClose={close}
      >
        <Text size="sm">
          <Trans>It stays readable. If it completed what is due now, that is open again.</Trans>
        </Text>
      </ReasonDialog>
    </>
  );
}
