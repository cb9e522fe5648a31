import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Card, Group, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { notify } from "../../../lib/notify";
import { ApiError } from "../../../lib/problem";
import { useUser } from "../../../lib/session";
import { PageHeader } from "../../../ui/PageHeader";
import { useChangePassword } from "../api/changePassword";

type Field = "current_password" | "new_password";
const EMPTY = { current_password: "", new_password: "" };

export function PasswordPage() {
  const { t } = useLingui();
  const user = useUser();
  const change = useChangePassword();
  const [values, setValues] = useState(EMPTY);
  const form = useRef<HTMLFormElement>(null);
  const { general, of } = useErrors(change.error);
  useEffect(() => {
    if (change.error) form.current?.querySelector<HTMLElement>("input[aria-invalid=true]")?.focus();
  }, [change.error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(values, {
      onSuccess: () => {
        setValues(EMPTY);
        void notify({ message: t`Your password is changed. You are signed out everywhere else.` });
      },
    });
  };
  const field = (name: Field) => ({
    name,
    required: true,
    withAsterisk: false,
    value: values[name],
    error: of(name),
    // The kit says it of the frame only.
    "aria-invalid": !!of(name),
    visibilityToggleButtonProps: { "aria-label": t`Show the password` },
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  return (
    <>
      <PageHeader
        title={t`Change your password`}
        note={t`Afterwards you stay signed in here, and nowhere else.`}
      />
      <Card component="form" ref={form} onSubmit={submit} maw={620}>
        <Stack gap="lg">
          {general && (
            <Alert color="red" role="alert">
              {general}
            </Alert>
          )}
          {/* Tells a password manager whose password this is. */}
          <input type="text" autoComplete="username" value={user.email} readOnly hidden />
          <PasswordInput
            label={t`Current password`}
            autoComplete="current-password"
            maxLength={200}
            {...field("current_password")}
          />
          <PasswordInput
            label={t`New password`}
            description={t`At least 12 characters. Some words in a row are easy to keep in mind.`}
            autoComplete="new-password"
            minLength={12}
            maxLength={200}
            {...field("new_password")}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={change.isPending}>
              <Trans>Change the password</Trans>
            </Button>
          </Group>
        </Stack>
      </Card>
    </>
  );
}

/** What the server refused: of one field, in the reader's language where it is foreseen, or in general. */
function useErrors(error: unknown) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const problem = error instanceof ApiError ? error.problem : null;
  const foreseen: Record<string, string> = {
    wrong_password: t`This is not your current password.`,
    common_password: t`Many people have this one. Choose another.`,
  };
  return {
    general: error && !problem?.errors?.length ? errorText(error) : undefined,
    of: (field: Field) =>
      problem?.errors?.some((one) => one.field === field)
        ? (foreseen[problem.code ?? ""] ?? errorText(error))
        : undefined,
  };
}
