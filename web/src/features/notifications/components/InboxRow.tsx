import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text, VisuallyHidden } from "@mantine/core";
import { IconArrowRight, IconCheck } from "@tabler/icons-react";
import { useTime } from "../../../lib/time";
import { LinkButton } from "../../../ui/LinkButton";
import { Markdown } from "../../../ui/Markdown";
import type { InboxMessage } from "../api/notifications";
import classes from "./InboxRow.module.css";

/** An address of ours without its origin; a message may carry either form. */
export function ownPath(url: string | null): string | undefined {
  if (!url) return undefined;
  const target = new URL(url, location.origin);
  return target.origin === location.origin ? target.pathname + target.search : undefined;
}

export function InboxRow({ message, onRead }: { message: InboxMessage; onRead: () => void }) {
  const { t } = useLingui();
  const time = useTime();
  const unread = !message.read_at;
  const path = ownPath(message.url);
  return (
    <article className={classes.row} data-unread={unread || undefined}>
      <span className={classes.dot} aria-hidden />
      <div className={classes.text}>
        <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
          <Text component="h2" size="sm" fw={unread ? 650 : 500}>
            {unread && <VisuallyHidden>{t`Unread:`} </VisuallyHidden>}
            {message.subject}
          </Text>
          <Text size="xs" c="dimmed" flex="none" title={time.dateTime(message.created_at)}>
            {time.fromNow(message.created_at)}
          </Text>
        </Group>
        <Text size="sm" component="div" c="dimmed" lineClamp={6}>
          <Markdown>{message.text}</Markdown>
        </Text>
        <Group gap="xs" mt={6}>
          {path && (
            <LinkButton
              to={path}
              size="compact-sm"
              variant="light"
              rightSection={<IconArrowRight size={14} aria-hidden />}
              onClick={() => unread && onRead()}
            >
              <Trans>Open</Trans>
            </LinkButton>
          )}
          {unread && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconCheck size={14} aria-hidden />}
              onClick={onRead}
            >
              <Trans>Mark as read</Trans>
            </Button>
          )}
        </Group>
      </div>
    </article>
  );
}
