import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Group, Modal, PasswordInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useErrorText } from "../../../lib/errorText";
import { useRoleName } from "../../../lib/names";
import { ApiError } from "../../../lib/problem";
import { type User, useSavePerson } from "../api/people";

const ROLES = ["member", "maintenance_coordinator", "admin"] as const;

export function PersonDialog({ user, onClose }: { user?: User; onClose: () => void }) {
  const { t } = useLingui();
  const roleName = useRoleName();
  const errorText = useErrorText();
  const save = useSavePerson();
  const [values, setValues] = useState({
    email: user?.email ?? "",
    name: user?.name ?? "",
    role: user?.role ?? ("member" as User["role"]),
    premium: user?.premium ?? false,
    phone: user?.phone ?? "",
    active: user?.active ?? true,
    password: "",
  });
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  const fieldError = (field: string) =>
    save.error instanceof ApiError
      ? save.error.problem.errors?.find((error) => error.field === field)?.message
      : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, role, premium, active, email, password } = values;
    const common = { name, role, premium, phone: values.phone.replaceAll(/[\s()/-]/g, "") || null };
    const body = user ? { ...common, active } : { ...common, email, password };
    save.mutate({ id: user?.id, body }, { onSuccess: onClose });
  };
  const general = save.error && !(save.error instanceof ApiError && save.error.problem.errors?.length);
  return (
    <Modal
      opened
      onClose={onClose}
      title={user ? t`Edit ${user.name}` : t`Add a person`}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      <form onSubmit={submit}>
        <Stack>
          {general && (
            <Alert color="red" role="alert">
              {errorText(save.error)}
            </Alert>
          )}
          <TextInput
            label={t`Name`}
            required
            value={values.name}
            error={fieldError("name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t`Email`}
            type="email"
            required
            disabled={!!user}
            value={values.email}
            error={fieldError("email")}
            onChange={(event) => set({ email: event.currentTarget.value })}
          />
          {!user && (
            <PasswordInput
              label={t`First password`}
              required
              description={t`At least 12 characters.`}
              minLength={12}
              autoComplete="new-password"
              value={values.password}
              error={fieldError("password")}
              visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
              onChange={(event) => set({ password: event.currentTarget.value })}
            />
          )}
          <Select
            label={t`Role`}
            allowDeselect={false}
            value={values.role}
            onChange={(role) => set({ role: role as User["role"] })}
            data={ROLES.map((value) => ({ value, label: roleName(value) }))}
          />
          <Switch
            label={t`Premium: may get text messages`}
            checked={values.premium}
            onChange={(event) => set({ premium: event.currentTarget.checked })}
          />
          {values.premium && (
            <TextInput
              label={t`Phone number`}
              description={t`With the country's code, such as +49 30 123456.`}
              type="tel"
              value={values.phone}
              error={fieldError("phone")}
              onChange={(event) => set({ phone: event.currentTarget.value })}
            />
          )}
          {user && (
            <Switch
              label={t`May sign in`}
              description={t`Off: refused from the next request on.`}
              checked={values.active}
              onChange={(event) => set({ active: event.currentTarget.checked })}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              <Trans>Cancel</Trans>
            </Button>
            <Button type="submit" loading={save.isPending}>
              <Trans>Save</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
