import "@mantine/dates/styles.css";
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Card, Checkbox, Group, Select, Stack, Switch, Text, Title } from "@mantine/core";
import { TimePicker } from "@mantine/dates";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { useCommunityZone } from "../../../lib/features";
import { notify } from "../../../lib/notify";
import { useUser } from "../../../lib/session";
import { Loaded } from "../../../ui/Loaded";
import { PageHeader } from "../../../ui/PageHeader";
import {
  type Channels,
  preferencesQuery,
  type ShownPreferences,
  useSavePreferences,
} from "../api/preferences";

const CATEGORY = "maintenance";
type Channel = keyof Channels;

export function PreferencesPage() {
  const { t } = useLingui();
  const preferences = useQuery(preferencesQuery);
  return (
    <>
      <PageHeader title={t`Message preferences`} note={t`How you are reminded of maintenance.`} />
      <Loaded query={preferences}>{(loaded) => <Form loaded={loaded} />}</Loaded>
    </>
  );
}

function Form({ loaded }: { loaded: ShownPreferences }) {
  const { t } = useLingui();
  const user = useUser();
  const community = useCommunityZone();
  const errorText = useErrorText();
  const save = useSavePreferences();
  const [channels, setChannels] = useState<Channels>({
    ...loaded.defaults,
    ...loaded.channels[CATEGORY],
  });
  const [quiet, setQuiet] = useState(loaded.quiet_hours);
  const [zone, setZone] = useState(loaded.timezone ?? community);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      {
        channels: { ...loaded.channels, [CATEGORY]: channels },
        quiet_hours: quiet,
        timezone: zone === community ? null : zone,
      },
      { onSuccess: () => void notify({ message: t`Your preferences are saved.` }) },
    );
  };
  const parts = { hoursInputLabel: t`Hours`, minutesInputLabel: t`Minutes` };
  const mayText = user.premium && !!user.phone;
  const smsHint = mayText
    ? t`Only when something is overdue`
    : user.premium
      ? t`An administrator can add your phone number`
      : t`For premium accounts`;
  const texts: [Channel, string, string][] = [
    ["in_app", t`In the app`, t`The bell at the top of every page`],
    ["email", t`Email`, t`One message a day, with everything that is due`],
    ["sms", t`Text message`, smsHint],
  ];
  return (
    <Card component="form" onSubmit={submit} maw={620}>
      <Stack gap="lg">
        {save.error && (
          <Alert color="red" role="alert">
            {errorText(save.error)}
          </Alert>
        )}
        <Stack gap="sm" role="group" aria-labelledby="channels">
          <Title order={2} size="h5" id="channels">
            <Trans>Where reminders reach you</Trans>
          </Title>
          {texts.map(([channel, label, description]) => (
            <Switch
              key={channel}
              label={label}
              description={description}
              disabled={channel === "sms" && !mayText}
              checked={channels[channel]}
              onChange={(event) => setChannels({ ...channels, [channel]: event.currentTarget.checked })}
            />
          ))}
        </Stack>
        <Stack gap="sm">
          <Title order={2} size="h5">
            <Trans>Quiet hours</Trans>
          </Title>
          <Checkbox
            label={t`Hold email and text messages back during the night`}
            checked={!!quiet}
            onChange={(event) =>
              setQuiet(event.currentTarget.checked ? { start: "22:00", end: "07:00" } : null)
            }
          />
          {quiet && (
            <Group grow>
              <TimePicker
                label={t`From`}
                {...parts}
                required
                value={quiet.start}
                onChange={(start) => setQuiet({ ...quiet, start: start.slice(0, 5) })}
              />
              <TimePicker
                label={t`Until`}
                {...parts}
                required
                value={quiet.end}
                onChange={(end) => setQuiet({ ...quiet, end: end.slice(0, 5) })}
              />
            </Group>
          )}
          <Select
            label={t`Your time zone`}
            description={t`Quiet hours follow it. Due times are shown in the community's.`}
            searchable
            allowDeselect={false}
            limit={50}
            data={Intl.supportedValuesOf("timeZone").concat("UTC")}
            value={zone}
            onChange={(value) => value && setZone(value)}
          />
          <Text size="sm" c="dimmed">
            <Trans>The community's time zone is {community}.</Trans>
          </Text>
        </Stack>
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}
