/**
 * Between instants (RFC 3339, UTC) and the wall clock of a named zone, written "YYYY-MM-DD HH:mm:ss"
 * as the date pickers have it.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" });
    formats.set(zone, found);
  }
  return found;
}

export function toLocal(instant: string | Date, zone: string): string {
  return format(zone).format(new Date(instant));
}

function offset(at: number, zone: string): number {
  return Date.parse(`${toLocal(new Date(at), zone).replace(" ", "T")}Z`) - Math.floor(at / 1000) * 1000;
}

/** A time that a clock change skips moves forward; one that comes twice means the first (RFC 5545, 3.3.5). */
export function toInstant(local: string, zone: string): string {
  const wall = Date.parse(`${local.replace(" ", "T").padEnd(19, ":00")}Z`);
  const around = [wall - 86_400_000, wall + 86_400_000].map((at) => offset(at, zone));
  const candidates = around.map((shift) => wall - shift).filter((at) => wall - at === offset(at, zone));
  const at = candidates.length ? Math.min(...candidates) : wall - around[0]!;
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** The same wall clock time, some days later. */
export function shiftDays(instant: string, days: number, zone: string): string {
  const [day, time] = toLocal(instant, zone).split(" ");
  const moved = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return toInstant(`${moved} ${time}`, zone);
}

/** The calendar day an instant falls on, "YYYY-MM-DD". */
export function localDay(instant: string | Date, zone: string): string {
  return toLocal(instant, zone).slice(0, 10);
}

/** The calendar day it is now in a zone. */
export function today(zone: string): string {
  return localDay(new Date(), zone);
}

export function addMonths(day: string, months: number): string {
  const [year, month] = day.split("-").map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Monday of the week a day lies in. */
export function weekStart(day: string): string {
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}
