import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Locale } from "../../../lib/i18n";
import { show } from "../../../test/render";
import { type Rule, useRuleWords } from "./words";

function Words({ rule }: { rule: Rule }) {
  return <p data-testid="words">{useRuleWords()(rule)}</p>;
}

const start = (day: string) => `${day}T08:00:00Z`;

test.each<[Locale, Rule, string]>([
  [
    "en",
    { frequency: "monthly", interval: 3, start_date: start("2026-01-31") },
    "every 3 months on the last day",
  ],
  ["en", { frequency: "quarterly", start_date: start("2026-01-15") }, "every 3 months on day 15"],
  [
    "en",
    { frequency: "monthly", start_date: start("2026-01-30") },
    "every month on day 30 or the month's last",
  ],
  ["en", { frequency: "weekly", start_date: start("2026-11-23") }, "every week on Monday"],
  ["en", { frequency: "biweekly", start_date: start("2026-11-23") }, "every 2 weeks on Monday"],
  ["en", { frequency: "annual", start_date: start("2026-02-28") }, "every year on 28 February"],
  ["en", { frequency: "daily", interval: 2, start_date: start("2026-02-28") }, "every 2 days"],
  [
    "en",
    { frequency: "weekly", recurrence_mode: "floating" },
    "every week, counted from the last time it was done",
  ],
  ["en", { frequency: "custom", rrule: "FREQ=DAILY" }, "by a rule of its own"],
  [
    "de",
    { frequency: "monthly", interval: 3, start_date: start("2026-01-31") },
    "alle 3 Monate am letzten Tag",
  ],
  ["es", { frequency: "weekly", start_date: start("2026-11-23") }, "cada semana el lunes"],
  // Half past eleven in the evening, UTC, is already the 1st in Berlin.
  ["en", { frequency: "monthly", start_date: "2026-01-31T23:30:00Z" }, "every month on day 1"],
])("%s %j", async (locale, rule, words) => {
  await show(<Words rule={rule} />, { locale });
  expect(screen.getByTestId("words")).toHaveTextContent(words);
});
