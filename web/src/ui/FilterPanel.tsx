import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./FilterPanel.module.css";

interface Props {
  /** How many filters are set: shown while a phone keeps them folded away. */
  active: number;
  children: ReactNode;
}

/** Filters above a list: always there on a desk, behind a button on a phone. */
export function FilterPanel({ active, children }: Props) {
  const { t } = useLingui();
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className="no-print">
      <Button
        hiddenFrom="sm"
        mb="md"
        variant={active ? "light" : "default"}
        leftSection={<IconFilter size={16} aria-hidden />}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {active ? t`Filters (${active})` : t`Filters`}
      </Button>
      <div id={id} className={classes.panel} data-open={open || undefined}>
        {children}
      </div>
    </div>
  );
}
