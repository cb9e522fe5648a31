import { expect, test } from "vitest";
import * as searches from "./searches";

test.each(["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])(
  "a sign-in never leads to %s",
  (next) => {
    expect(searches.signIn({ next })).toEqual({});
  },
);

test("a sign-in leads back to a page of ours", () => {
  expect(searches.signIn({ next: "/logs?issues=minor" })).toEqual({ next: "/logs?issues=minor" });
});

test("what an address should not say is dropped", () => {
  expect(searches.calendar({ view: "century", date: "tomorrow", status: "overdue", type: 7 })).toEqual({
    status: "overdue",
  });
});
