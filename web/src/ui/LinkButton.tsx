import { Button, type ButtonProps } from "@mantine/core";
import type { ComponentProps } from "react";
import { Link } from "./Link";

/** A link within the application that looks like a button. */
export function LinkButton(props: ButtonProps & ComponentProps<typeof Link>) {
  return <Button component={Link} {...props} />;
}
