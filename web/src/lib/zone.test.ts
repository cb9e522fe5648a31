import { describe, expect, test } from "vitest";
import { addMonths, localDay, shiftDays, toInstant, toLocal, weekStart } from "./zone";

describe("the wall clock of a zone", () => {
  test.each([
    ["Europe/Berlin", "2026-01-15 09:00:00", "2026-01-15T08:00:00Z"],
    ["Europe/Berlin", "2026-07-15 09:00:00", "2026-07-15T07:00:00Z"],
    ["America/New_York", "2026-07-15 09:00:00", "2026-07-15T13:00:00Z"],
    ["Australia/Lord_Howe", "2026-01-15 09:00:00", "2026-01-14T22:00:00Z"],
    // The hour that comes twice means the first.
    ["Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z"],
    // The hour that is skipped moves forward.
    ["Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"],
  ])("%s %s is %s", (zone, local, instant) => {
    expect(toInstant(local, zone)).toBe(instant);
  });

  test("there and back, at every hour of a year", () => {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000 * 5) {
      const instant = new Date(at).toISOString();
      const local = toLocal(instant, "America/New_York");
      expect(toLocal(toInstant(local, "America/New_York"), "America/New_York")).toBe(local);
    }
  });

  test("a shift by days keeps the time of day across a clock change", () => {
    expect(shiftDays("2026-03-28T08:00:00Z", 1, "Europe/Berlin")).toBe("2026-03-29T07:00:00Z");
  });

  test("a late evening in the west is the next day in the east", () => {
    expect(localDay("2026-11-22T23:30:00Z", "Europe/Berlin")).toBe("2026-11-23");
    expect(localDay("2026-11-22T23:30:00Z", "America/New_York")).toBe("2026-11-22");
  });

  test("months and weeks", () => {
    expect(addMonths("2026-12-31", 1)).toBe("2027-01-01");
    expect(weekStart("2026-11-22")).toBe("2026-11-16");
    expect(weekStart("2026-11-23")).toBe("2026-11-23");
  });
});
