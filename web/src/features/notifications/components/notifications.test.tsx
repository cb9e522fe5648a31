import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { person, show } from "../../../test/render";
import { startServer } from "../../../test/server";
import { Bell } from "./Bell";
import { InboxPage } from "./InboxPage";
import { PreferencesPage } from "./PreferencesPage";

const INBOX = "/api/notifications";
let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.stop());

function message(change: object = {}) {
  return {
    id: "m1",
    subject: "Brake check is due",
    text: "On **Monday**.",
    html: null,
    category: "maintenance",
    url: "/schedules/plan-1",
    created_at: "2026-06-30T06:00:00Z",
    read_at: null,
    ...change,
  };
}

test("the bell counts what is unread, and follows the stream", async () => {
  server = await startServer(({ path }) =>
    path.endsWith("/stream")
      ? { text: 'event: unread\ndata: {"unread": 5}\n\n', headers: { "Content-Type": "text/event-stream" } }
      : { body: { items: [], next_cursor: null, unread: 2 } },
  );
  await show(<Bell />);
  expect(await screen.findByText("5 unread messages")).toBeInTheDocument();
  expect(screen.getByRole("link")).toHaveAttribute("href", "/notifications");
  const [stream] = server.sent("GET", `${INBOX}/stream`);
  expect(stream!.headers.authorization).toBe("Bearer token");
});

test("a message is read where it stands, or all at once", async () => {
  let items = [message(), message({ id: "m2", subject: "Oil change is overdue", url: null })];
  server = await startServer(({ method, path }) => {
    if (method !== "POST")
      return { body: { items, next_cursor: null, unread: items.filter((m) => !m.read_at).length } };
    const read_at = "2026-07-01T06:00:00Z";
    items = items.map((one) =>
      path.includes(one.id) || path.endsWith("read-all") ? { ...one, read_at: read_at as never } : one,
    );
    return { status: 204 };
  });
  await show(<InboxPage />, { path: "/notifications" });
  expect(await screen.findAllByText("Monday", { selector: "strong" })).toHaveLength(2);
  expect(screen.getByRole("link", { name: "Open" })).toHaveAttribute("href", "/schedules/plan-1");
  await userEvent.click(screen.getAllByRole("button", { name: "Mark as read" })[0]!);
  await waitFor(() => expect(screen.getAllByRole("button", { name: "Mark as read" })).toHaveLength(1));
  expect(server.sent("POST", `${INBOX}/m1/read`)).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Mark as read" })).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole("button", { name: "Mark all as read" })).toBeDisabled());
});

test("only the unread ones, by the address", async () => {
  server = await startServer(() => ({ body: { items: [], next_cursor: null, unread: 0 } }));
  await show(<InboxPage />, { path: "/notifications" });
  expect(await screen.findByText("No messages yet")).toBeVisible();
  await userEvent.click(screen.getByRole("checkbox", { name: "Only unread" }));
  expect(location.search).toBe("?unread=true");
  expect(await screen.findByText("Everything is read")).toBeVisible();
  expect(server.calls.some(({ path }) => path.includes("unread=true"))).toBe(true);
});

test("preferences are shown with their defaults and saved whole", async () => {
  const shown = {
    channels: { other: { email: false, sms: false, in_app: true } },
    quiet_hours: null,
    timezone: "Europe/Berlin",
    defaults: { email: true, sms: false, in_app: true },
  };
  server = await startServer(() => ({ body: shown }));
  await show(<PreferencesPage />, { user: person("member") });
  const email = await screen.findByRole("switch", { name: /^Email/ });
  expect(email).toBeChecked();
  expect(screen.getByRole("switch", { name: /^Text message/ })).toBeDisabled();
  await userEvent.click(email);
  await userEvent.click(screen.getByRole("checkbox", { name: /Hold email and text messages back/ }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(server.sent("PUT", `${INBOX}/preferences`)).toHaveLength(1));
  expect(JSON.parse(server.sent("PUT", `${INBOX}/preferences`)[0]!.body)).toEqual({
    channels: { ...shown.channels, maintenance: { email: false, sms: false, in_app: true } },
    quiet_hours: { start: "22:00", end: "07:00" },
    timezone: null,
  });
});
