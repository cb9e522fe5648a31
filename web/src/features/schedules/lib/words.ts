import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useCommunityZone } from "../../../lib/features";
import { toLocal } from "../../../lib/zone";
import { spoken, type Spoken } from "./rrule";

export interface Rule {
  frequency: string;
  interval?: number;
  start_date?: string | null;
  rrule?: string | null;
  recurrence_mode?: string;
}

const MONTHS: Record<string, number> = { monthly: 1, quarterly: 3, semiannual: 6 };

/** The recurrence in plain words: "every 3 months on the last day". */
export function useRuleWords(): (rule: Rule) => string {
  const { t, i18n } = useLingui();
  const zone = useCommunityZone();
  const locale = i18n.locale === "en" ? "en-GB" : i18n.locale;

  const every = ({ frequency, interval = 1 }: Rule): string => {
    if (frequency === "once") return t`once`;
    if (frequency === "custom") return t`by a rule of its own`;
    if (frequency === "daily") return plural(interval, { one: "every day", other: "every # days" });
    if (frequency === "annual") return plural(interval, { one: "every year", other: "every # years" });
    const months = (MONTHS[frequency] ?? 0) * interval;
    if (months) return plural(months, { one: "every month", other: "every # months" });
    const weeks = frequency === "biweekly" ? 2 * interval : interval;
    return plural(weeks, { one: "every week", other: "every # weeks" });
  };

  const on = ({ frequency, start_date, recurrence_mode }: Rule): string => {
    if (!start_date || recurrence_mode === "floating") return "";
    const day = new Date(`${toLocal(start_date, zone).slice(0, 10)}T12:00:00Z`);
    const named = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(day);
    const date = day.getUTCDate();
    if (frequency === "weekly" || frequency === "biweekly") {
      const weekday = named({ weekday: "long" });
      return t`on ${weekday}`;
    }
    if (frequency === "annual" || frequency === "once") {
      const dayAndMonth = named({
        day: "numeric",
        month: "long",
        ...(frequency === "once" && { year: "numeric" }),
      });
      return t`on ${dayAndMonth}`;
    }
    if (!MONTHS[frequency]) return "";
    if (date === 31) return t`on the last day`;
    return date > 28 ? t`on day ${date} or the month's last` : t`on day ${date}`;
  };

  const listed = (dates: number[], options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    return new Intl.ListFormat(locale).format(dates.map((date) => format.format(date)));
  };

  const onWeekdays = ({ weekdays, nth }: Spoken): string => {
    // 1 June 2026 is a Monday.
    const weekday = listed(
      weekdays.map((at) => Date.UTC(2026, 5, 1 + at)),
      { weekday: "long" },
    );
    const among = [
      t`on ${weekday}`,
      t`on the first ${weekday}`,
      t`on the second ${weekday}`,
      t`on the third ${weekday}`,
      t`on the fourth ${weekday}`,
      t`on the fifth ${weekday}`,
      t`on the last ${weekday}`,
    ];
    return among.at(nth)!;
  };

  /** A rule of its own, where a sentence can say it. */
  const custom = (rule: Rule): string | undefined => {
    const said = rule.frequency === "custom" && spoken(rule.rrule ?? "");
    if (!said) return undefined;
    const { frequency, weekdays, months, day } = said;
    const when = () => {
      if (weekdays.length) return onWeekdays(said);
      if (day === -1) return t`on the last day`;
      if (day) return t`on day ${day}`;
      return on({ ...rule, frequency: months.length ? "monthly" : frequency });
    };
    const words = [every(said), when()].filter(Boolean).join(" ");
    if (!months.length) return words;
    const names = listed(
      months.map((month) => Date.UTC(2026, month - 1)),
      { month: "long" },
    );
    return t`${words}, in ${names}`;
  };

  return (rule) => {
    const words = custom(rule) ?? [every(rule), on(rule)].filter(Boolean).join(" ");
    return rule.recurrence_mode === "floating" && rule.frequency !== "once"
      ? t`${words}, counted from the last time it was done`
      : words;
  };
}
