import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Card, Center, Checkbox, Text } from "@mantine/core";
import { IconAdjustments, IconChecks, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { navigate, useSearch } from "../../../lib/navigation";
import { inbox as inboxSearch } from "../../../lib/searches";
import { LinkButton } from "../../../ui/LinkButton";
import { Loaded } from "../../../ui/Loaded";
import { Message } from "../../../ui/Message";
import { PageHeader } from "../../../ui/PageHeader";
import { inboxQuery, unreadQuery, useMarkRead } from "../api/notifications";
import { InboxRow } from "./InboxRow";

export function InboxPage() {
  const { t } = useLingui();
  const { unread } = useSearch(inboxSearch);
  const inbox = useInfiniteQuery(inboxQuery(unread));
  const { data: count = 0 } = useQuery(unreadQuery);
  const markRead = useMarkRead();
  return (
    <>
      <PageHeader title={t`Messages`}>
        <LinkButton
          to="/notifications/preferences"
          variant="default"
          leftSection={<IconAdjustments size={18} aria-hidden />}
        >
          <Trans>Preferences</Trans>
        </LinkButton>
        <Button
          leftSection={<IconChecks size={18} aria-hidden />}
          disabled={count === 0}
          loading={markRead.isPending}
          onClick={() => markRead.mutate(undefined)}
        >
          <Trans>Mark all as read</Trans>
        </Button>
      </PageHeader>
      <Checkbox
        mb="md"
        label={t`Only unread`}
        checked={!!unread}
        onChange={(event) =>
          navigate({ search: event.currentTarget.checked ? { unread: true } : {}, replace: true })
        }
      />
      <Loaded query={inbox}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (!items.length)
            return (
              <Message order={2} icon={IconInbox} title={unread ? t`Everything is read` : t`No messages yet`}>
                <Text c="dimmed">
                  <Trans>Reminders of work that is due arrive here, the day before.</Trans>
                </Text>
              </Message>
            );
          return (
            <Card padding={0} component="section" aria-label={t`Messages`}>
              {items.map((message) => (
                <InboxRow key={message.id} message={message} onRead={() => markRead.mutate(message.id)} />
              ))}
              {inbox.hasNextPage && (
                <Center p="md">
                  <Button
                    variant="default"
                    loading={inbox.isFetchingNextPage}
                    onClick={() => void inbox.fetchNextPage()}
                  >
                    <Trans>Show more</Trans>
                  </Button>
                </Center>
              )}
            </Card>
          );
        }}
      </Loaded>
    </>
  );
}
