import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { ApiError } from "../../../lib/problem";
import { useSignIn } from "../api/signIn";

interface Props {
  /** When a session is resumed, only its own person may take it up again. */
  email?: string;
}

export function SignInForm({ email: fixed }: Props) {
  const { t } = useLingui();
  const errorText = useErrorText();
  const signIn = useSignIn();
  const [email, setEmail] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password });
  };
  const refused = signIn.error instanceof ApiError && [400, 401, 403, 422].includes(signIn.error.status);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {signIn.error && (
          <Alert color="red" variant="light" role="alert">
            {refused ? t`Email and password do not match.` : errorText(signIn.error)}
          </Alert>
        )}
        <TextInput
          label={t`Email`}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          size="md"
          readOnly={!!fixed}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          required
          withAsterisk={false}
          size="md"
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
        />
        <Button type="submit" size="md" loading={signIn.isPending}>
          <Trans>Sign in</Trans>
        </Button>
      </Stack>
    </form>
  );
}
