import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { Message } from "./Message";

interface Props {
  title: string;
  onClear: () => void;
  order?: 2 | 3;
}

/** An empty list that filters made so, and the way out. */
export function NothingFits({ title, onClear, order = 2 }: Props) {
  return (
    <Message order={order} icon={IconFilterOff} title={title}>
      <Button variant="light" onClick={onClear}>
        <Trans>Clear filters</Trans>
      </Button>
    </Message>
  );
}
