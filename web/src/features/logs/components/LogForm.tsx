import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Card, Group, SegmentedControl, Skeleton, Stack, Text, Textarea } from "@mantine/core";
import { IconCheck, IconUserCheck } from "@tabler/icons-react";
import { type FormEvent, lazy, type ReactNode, Suspense, useState } from "react";
import { useCommunityZone } from "../../../lib/features";
import { notify } from "../../../lib/notify";
import type { Problem } from "../../../lib/problem";
import { useUser } from "../../../lib/session";
import { today } from "../../../lib/zone";
import type { LogFields } from "../api/sendLog";
import { dropDraft } from "../lib/drafts";
import { logWork } from "../lib/queue";
import { ALREADY_DONE, useRefusal } from "../lib/refusal";
import { PhotoInput } from "./PhotoInput";
import { useDraft } from "./useDraft";

const MomentPicker = lazy(async () => ({ default: (await import("../../../ui/Dates")).MomentPicker }));

interface Props {
  draftId: string;
  title: string;
  /** What the record belongs to. */
  target: Pick<LogFields, "schedule_id" | "resource_id" | "due_date">;
  ready?: boolean;
  onDone: () => void;
  children?: ReactNode;
}

export function LogForm({ draftId, title, target, ready = true, onDone, children }: Props) {
  const { t } = useLingui();
  const user = useUser();
  const zone = useCommunityZone();
  const [draft, setDraft] = useDraft(draftId);
  const [lastDay] = useState(() => `${today(zone)} 23:59:59`);
  const [when, setWhen] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const send = async (asHistory: boolean) => {
    setSending(true);
    setProblem(null);
    const fields: LogFields = {
      ...target,
      due_date: asHistory ? undefined : target.due_date,
      performed_at: when ?? new Date().toISOString(),
      notes: draft.notes.trim() || undefined,
      issues_found: draft.issues,
    };
    const entry = { key: crypto.randomUUID(), userId: user.id, title, fields, photos: draft.photos };
    const outcome = await logWork(entry).finally(() => setSending(false));
    if (outcome.state === "refused") return setProblem(outcome.problem);
    await dropDraft(draftId);
    if (outcome.state === "waiting")
      void notify({
        message: t`No connection just now. Your record is kept and sent as soon as there is one.`,
        tone: "note",
      });
    onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(false);
  };

  return (
    <Card component="form" onSubmit={submit} maw={560}>
      <Stack gap="lg">
        {problem && <Refusal problem={problem} onLogAnyway={() => void send(true)} onLeave={onDone} />}
        {children}
        <PhotoInput photos={draft.photos} onChange={(photos) => setDraft({ ...draft, photos })} />
        <div>
          <Text size="sm" fw={500} mb={4} id="issues-label">
            <Trans>Issues found</Trans>
          </Text>
          <SegmentedControl
            fullWidth
            size="md"
            aria-labelledby="issues-label"
            value={draft.issues}
            onChange={(issues) => setDraft({ ...draft, issues: issues as typeof draft.issues })}
            data={[
              { value: "none", label: t`None` },
              { value: "minor", label: t`Minor` },
              { value: "major", label: t`Major` },
            ]}
          />
        </div>
        <Textarea
          label={t`Notes`}
          placeholder={t`What you did, what the next person should know`}
          autosize
          minRows={3}
          maxLength={10_000}
          size="md"
          value={draft.notes}
          onChange={(event) => setDraft({ ...draft, notes: event.currentTarget.value })}
        />
        {when === null ? (
          <Group gap={6}>
            <Text size="sm" c="dimmed">
              <Trans>Done just now.</Trans>
            </Text>
            <Button variant="subtle" size="compact-sm" onClick={() => setWhen(new Date().toISOString())}>
              <Trans>At another time</Trans>
            </Button>
          </Group>
        ) : (
          <Suspense fallback={<Skeleton h={84} />}>
            <MomentPicker label={t`Done at`} size="md" maxDate={lastDay} value={when} onChange={setWhen} />
          </Suspense>
        )}
        <Button
          type="submit"
          size="lg"
          loading={sending}
          disabled={!ready}
          leftSection={<IconCheck aria-hidden />}
        >
          <Trans>Mark as done</Trans>
        </Button>
      </Stack>
    </Card>
  );
}

interface RefusalProps {
  problem: Problem;
  onLogAnyway: () => void;
  onLeave: () => void;
}

function Refusal({ problem, onLogAnyway, onLeave }: RefusalProps) {
  const { t } = useLingui();
  const refusal = useRefusal();
  const done = problem.code === ALREADY_DONE;
  return (
    <Alert
      color={done ? "blue" : "red"}
      role="alert"
      icon={done ? <IconUserCheck /> : undefined}
      title={done ? t`Already done` : t`Not logged yet`}
    >
      <Text size="sm">{refusal(problem)}</Text>
      {done && (
        <Group mt="sm" gap="xs">
          <Button size="compact-md" onClick={onLeave}>
            <Trans>Fine, leave it</Trans>
          </Button>
          <Button size="compact-md" variant="default" onClick={onLogAnyway}>
            <Trans>Keep my record as well</Trans>
          </Button>
        </Group>
      )}
    </Alert>
  );
}
