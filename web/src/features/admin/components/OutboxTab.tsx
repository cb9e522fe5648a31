import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChannelName, useDeliveryStatusName } from "../../../lib/names";
import { useTime } from "../../../lib/time";
import { Markdown } from "../../../ui/Markdown";
import { Pill } from "../../../ui/Pill";
import { type OutboxMessage, outboxQuery } from "../api/trail";
import classes from "./Admin.module.css";
import { type Column, PagedTable } from "../../../ui/PagedTable";

export function OutboxTab() {
  const { t } = useLingui();
  const time = useTime();
  const channelName = useChannelName();
  const statusName = useDeliveryStatusName();
  const outbox = useInfiniteQuery(outboxQuery);
  const [open, setOpen] = useState<OutboxMessage>();
  const columns: Column<OutboxMessage>[] = [
    {
      title: t`Made`,
      slot: "plain",
      cell: (message) => (
        <Text size="sm" className="tabular">
          {time.dateTime(message.created_at)}
        </Text>
      ),
    },
    { title: t`To`, slot: "lead", cell: (message) => message.to ?? "–" },
    {
      title: t`By`,
      slot: "plain",
      cell: (message) => (
        <Text size="sm" className="one-line">
          {channelName(message.channel)}
        </Text>
      ),
    },
    {
      title: t`Subject`,
      slot: "plain",
      cell: (message) =>
        message.subject && (
          <Text size="sm" lineClamp={2}>
            {message.subject}
          </Text>
        ),
    },
    {
      title: t`State`,
      slot: "state",
      cell: (message) => (
        <Pill tone={message.status === "sent" ? "completed" : "neutral"}>{statusName(message.status)}</Pill>
      ),
    },
    {
      title: t`Actions`,
      slot: "actions",
      cell: (message) => (
        <Button size="compact-sm" variant="subtle" onClick={() => setOpen(message)}>
          <Trans>Read</Trans>
        </Button>
      ),
    },
  ];
  return (
    <>
      <Text size="sm" c="dimmed" mb="md">
        <Trans>
          Email and text messages as they went out. Without a transport configured they are kept here.
        </Trans>
      </Text>
      <PagedTable query={outbox} label={t`Outbox`} empty={t`Nothing has been sent yet`} columns={columns} />
      <Modal
        opened={!!open}
        onClose={() => setOpen(undefined)}
        size="lg"
        title={open?.subject || t`Text message`}
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        <Text size="sm" c="dimmed" mb="md">
          {open?.to}
        </Text>
        {open?.channel === "email" ? (
          <Markdown>{open.text}</Markdown>
        ) : (
          <pre className={classes.plain}>{open?.text}</pre>
        )}
      </Modal>
    </>
  );
}
