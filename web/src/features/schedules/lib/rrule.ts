const FREQUENCIES: Record<string, string> = {
  DAILY: "daily",
  WEEKLY: "weekly",
  MONTHLY: "monthly",
  YEARLY: "annual",
};
const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const SPOKEN = ["FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY"];

export interface Spoken {
  frequency: string;
  interval: number;
  /** Monday is 0. */
  weekdays: number[];
  /** Which of these weekdays in the month: the first is 1, the last -1, every one 0. */
  nth: number;
  /** January is 1. */
  months: number[];
  /** Day of the month, the last is -1. */
  day?: number;
}

/** The parts of a calendar rule (RFC 5545) that a short sentence can say; undefined when it takes more than one. */
export function spoken(rrule: string): Spoken | undefined {
  const parts = Object.fromEntries(rrule.split(";").map((part) => part.split("=") as [string, string]));
  const frequency = FREQUENCIES[parts.FREQ ?? ""];
  const list = (name: string) => parts[name]?.split(",") ?? [];
  const days = list("BYDAY").map((text) => ({ nth: Number(text.slice(0, -2)), name: text.slice(-2) }));
  const [nth = 0, ...others] = new Set(days.map((day) => day.nth));
  const months = list("BYMONTH").map(Number);
  const [day, ...more] = list("BYMONTHDAY").map(Number);
  const yearly = frequency === "annual" && !months.length && (days.length > 0 || day !== undefined);
  if (
    !frequency ||
    yearly ||
    others.length ||
    more.length ||
    (days.length && day !== undefined) ||
    (nth && (days.length > 1 || nth < -1)) ||
    // A rule leaves out months without such a day; our own words for day 31 mean the last.
    (day !== undefined && (day < -1 || day > 28)) ||
    !Object.keys(parts).every((part) => SPOKEN.includes(part))
  )
    return undefined;
  const weekdays = days.map(({ name }) => WEEKDAYS.indexOf(name));
  return { frequency, interval: Number(parts.INTERVAL ?? 1), weekdays, nth, months, day };
}
