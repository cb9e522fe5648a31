import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Pill.module.css";

interface Props {
  /** One of the status colours of the theme; any other word is neutral. */
  tone?: string;
  icon?: Icon;
  children: ReactNode;
}

const TONES = new Set(["scheduled", "due_soon", "overdue", "completed"]);

export function Pill({ tone = "neutral", icon: IconComponent, children }: Props) {
  const known = TONES.has(tone) ? tone : "neutral";
  return (
    <span
      className={classes.pill}
      style={{ color: `var(--status-${known})`, background: `var(--status-${known}-soft)` }}
    >
      {IconComponent && <IconComponent size={14} aria-hidden />}
      {children}
    </span>
  );
}
