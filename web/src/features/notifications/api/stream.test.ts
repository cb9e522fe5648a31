import { expect, test } from "vitest";
import { unreadOf } from "./stream";

test.each([
  ['event: unread\ndata: {"unread": 3}', 3],
  ['event:unread\r\ndata:{"unread":0}', 0],
  [": still here", undefined],
  ['event: other\ndata: {"unread": 3}', undefined],
])("%j counts %s", (event, unread) => {
  expect(unreadOf(event)).toBe(unread);
});
