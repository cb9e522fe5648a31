import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Locale } from "../../../lib/i18n";
import { show } from "../../../test/render";
import { type Rule, useRuleWords } from "./words";

function Words({ rule }: { rule: Rule }) {
  return <p data-testid="words">{useRuleWords()(rule)}</p>;
}

const start = (day: string) => `${day}T08:00:00Z`;

const own = (rrule: string): Rule => ({
  frequency: "custom",
  interval: 1,
  start_date: start("2026-05-15"),
  rrule,
});

test.each<[Locale, string, string]>([
  ["en", "FREQ=MONTHLY;BYDAY=1SA", "every month on the first Saturday"],
  ["en", "FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"],
  ["en", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tuesday"],
  ["en", "FREQ=WEEKLY;BYDAY=MO,WE", "every week on Monday and Wednesday"],
  ["en", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"],
  ["en", "FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO", "every year on the first Monday, in March and September"],
  ["en", "FREQ=YEARLY;BYMONTH=3,10", "every year on day 15, in March and October"],
  ["de", "FREQ=MONTHLY;BYDAY=1SA", "jeden Monat am ersten Samstag"],
  ["es", "FREQ=MONTHLY;BYDAY=-1FR", "cada mes el último viernes"],
  // What no short sentence says is not said wrongly.
  ["en", "FREQ=YEARLY;BYDAY=1MO", "by a rule of its own"],
  ["en", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "by a rule of its own"],
  ["en", "FREQ=MONTHLY;BYMONTHDAY=31", "by a rule of its own"],
  ["en", "FREQ=DAILY;COUNT=3", "by a rule of its own"],
])("%s: %s is %s", async (locale, rrule, words) => {
  await show(<Words rule={own(rrule)} />, { locale });
  expect(screen.getByTestId("words")).toHaveTextContent(words);
});

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
