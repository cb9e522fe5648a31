import { useLingui } from "@lingui/react/macro";
import { UnstyledButton, VisuallyHidden, type UnstyledButtonProps } from "@mantine/core";
import type { ComponentProps } from "react";
import type { User } from "../api/generated/model";
import classes from "./UserButton.module.css";

type Props = { user: User } & UnstyledButtonProps & ComponentProps<"button">;

export function UserButton({ user, ...rest }: Props) {
  const { t } = useLingui();
  const initials = user.name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("");
  return (
    <UnstyledButton {...rest} className={`${classes.button} touch`}>
      <span aria-hidden>{initials}</span>
      <VisuallyHidden>{t`Account of ${user.name}`}</VisuallyHidden>
    </UnstyledButton>
  );
}
