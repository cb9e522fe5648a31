import { expect, test } from "vitest";
import { timeFormatter } from "./time";

const now = new Date("2026-11-22T23:30:00Z");

test("every time names its zone", () => {
  expect(timeFormatter("en", "Europe/Berlin").dateTime("2026-11-24T08:00:00Z")).toBe(
    "Tue, 24 Nov 2026, 09:00 CET",
  );
  expect(timeFormatter("de", "Europe/Berlin").dateTime("2026-11-24T08:00:00Z")).toContain("MEZ");
});

test("days are counted by the community's calendar, not in 24 hours", () => {
  // In Berlin it is already Monday, half past midnight.
  const time = timeFormatter("en", "Europe/Berlin");
  expect(time.fromNow("2026-11-23T23:30:00Z", now)).toBe("tomorrow");
  expect(time.fromNow("2026-11-22T12:00:00Z", now)).toBe("yesterday");
  expect(time.fromNow("2026-11-23T08:00:00Z", now)).toBe("in 9 hours");
  expect(timeFormatter("es", "Europe/Berlin").fromNow("2026-11-25T08:00:00Z", now)).toBe("pasado mañana");
});
