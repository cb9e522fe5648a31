import { useLingui } from "@lingui/react";
import { useMemo } from "react";

/** Formats calendar days ("YYYY-MM-DD"), which have no time zone of their own. */
export function useDayFormat() {
  const { i18n } = useLingui();
  return useMemo(() => {
    const locale = i18n.locale === "en" ? "en-GB" : i18n.locale;
    const at = (day: string) => new Date(`${day}T12:00:00Z`);
    const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
    const short = new Intl.DateTimeFormat(locale, {
      day: "numeric",
      month: "short",
      year: "numeric",
      timeZone: "UTC",
    });
    const full = new Intl.DateTimeFormat(locale, {
      weekday: "long",
      day: "numeric",
      month: "long",
      timeZone: "UTC",
    });
    return {
      month: (day: string) => month.format(at(day)),
      range: (from: string, to: string) => short.formatRange(at(from), at(to)),
      full: (day: string) => full.format(at(day)),
    };
  }, [i18n.locale]);
}
