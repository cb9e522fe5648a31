import { useLingui } from "@lingui/react";
import { useMemo } from "react";
import { useCommunityZone } from "./features";

const DAY = 86_400_000;

/** Formats instants (RFC 3339, UTC) in one language and in the community's time zone. */
export function timeFormatter(locale: string, zone: string) {
  const make = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
      timeZone: zone,
      ...options,
    });
    return (at: string | Date) => format.format(new Date(at));
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const number = new Intl.NumberFormat(locale);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
  /** Whole calendar days in the zone between two instants: tomorrow is 1 even when it is in an hour. */
  const daysBetween = (from: Date, to: Date) =>
    (Date.parse(day.format(to)) - Date.parse(day.format(from))) / DAY;
  return {
    zone,
    date: make({ dateStyle: "medium" }),
    weekday: make({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
    shortDate: make({ day: "numeric", month: "short" }),
    time: make({ hour: "2-digit", minute: "2-digit", timeZoneName: "short" }),
    dateTime: make({
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      timeZoneName: "short",
    }),
    localDay: (at: string | Date) => day.format(new Date(at)),
    number: (value: number) => number.format(value),
    fromNow(at: string | Date, now = new Date()) {
      const days = daysBetween(now, new Date(at));
      if (days === 0) {
        const minutes = Math.round((new Date(at).getTime() - now.getTime()) / 60_000);
        return Math.abs(minutes) < 60
          ? relative.format(minutes, "minute")
          : relative.format(Math.round(minutes / 60), "hour");
      }
      if (Math.abs(days) < 14) return relative.format(days, "day");
      if (Math.abs(days) < 60) return relative.format(Math.round(days / 7), "week");
      return Math.abs(days) < 700
        ? relative.format(Math.round(days / 30.4), "month")
        : relative.format(Math.round(days / 365), "year");
    },
  };
}

export type TimeFormatter = ReturnType<typeof timeFormatter>;

export function useTime(): TimeFormatter {
  const { i18n } = useLingui();
  const zone = useCommunityZone();
  return useMemo(() => timeFormatter(i18n.locale, zone), [i18n.locale, zone]);
}
