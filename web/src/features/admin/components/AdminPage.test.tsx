import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { show } from "../../../test/render";
import { type Call, startServer } from "../../../test/server";
import { AdminPage } from "./AdminPage";

const FLAG = "maintenance_scheduling_enabled";
let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.stop());

function serve(answer: (call: Call) => { status?: number; body?: unknown } | undefined) {
  return startServer((call) => answer(call) ?? { body: { items: [], next_cursor: null } });
}

test("the flag is switched, and the switch follows the server", async () => {
  let enabled = true;
  server = await serve(({ method, path, body }) => {
    if (method === "PUT") enabled = JSON.parse(body).enabled;
    return path.includes("features")
      ? { body: { name: FLAG, enabled, features: { [FLAG]: enabled }, community_timezone: "Europe/Berlin" } }
      : undefined;
  });
  await show(<AdminPage />, { path: "/admin" });
  const flag = await screen.findByRole("switch", { name: /^Maintenance scheduling/ });
  expect(flag).toBeChecked();
  await userEvent.click(flag);
  await waitFor(() => expect(flag).not.toBeChecked());
  expect(server.sent("PUT", `/api/admin/features/${FLAG}`).map(({ body }) => JSON.parse(body))).toEqual([
    { enabled: false },
  ]);
  expect(screen.queryByRole("button", { name: "Run now" })).not.toBeInTheDocument();
});

test("a refused switch stays where it was and says why", async () => {
  server = await serve(({ method }) =>
    method === "PUT"
      ? { status: 403, body: { title: "No" } }
      : { body: { features: { [FLAG]: true }, items: [], next_cursor: null } },
  );
  await show(<AdminPage />, { path: "/admin" });
  await userEvent.click(await screen.findByRole("switch", { name: /^Maintenance scheduling/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("You may see this, but not change it.");
});

const DELIVERIES = "/api/maintenance/alerts/deliveries";

function delivery(status: string) {
  return {
    id: "d1",
    run_id: "r1",
    channel: "email",
    status,
    attempts: 4,
    last_error: "503 Service Unavailable",
    created_at: "2026-06-30T06:00:00Z",
    sent_at: null,
    next_attempt_at: null,
    suppressed_reason: null,
    recipient: { id: "u1", name: "Jonas" },
  };
}

test("a dead letter is sent again", async () => {
  let status = "failed";
  server = await serve(({ method, path }) => {
    if (method === "POST" && path === `${DELIVERIES}/d1/retry`) status = "pending";
    return path.startsWith(DELIVERIES)
      ? { body: { items: [delivery(status)], next_cursor: null } }
      : undefined;
  });
  await show(<AdminPage />, { path: "/admin?tab=deliveries" });
  const row = await screen.findByRole("row", { name: /Jonas/ });
  expect(row).toHaveTextContent("503 Service Unavailable");
  expect(within(row).getByText("Failed")).toBeVisible();
  await userEvent.click(within(row).getByRole("button", { name: "Send again" }));
  await waitFor(() => expect(screen.getByRole("row", { name: /Jonas/ })).toHaveTextContent("Waiting"));
  expect(screen.queryByRole("button", { name: "Send again" })).not.toBeInTheDocument();
});

test("all dead letters are sent again at once", async () => {
  let items = [delivery("failed")];
  server = await serve(({ method, path }) => {
    if (method === "POST") items = [];
    return path.startsWith(DELIVERIES) ? { body: { items, next_cursor: null, retried: 1 } } : undefined;
  });
  await show(<AdminPage />, { path: "/admin?tab=deliveries" });
  await screen.findByRole("row", { name: /Jonas/ });
  expect(screen.queryByRole("button", { name: "Send all again" })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("combobox", { name: "State" }));
  await userEvent.click(await screen.findByRole("option", { name: "Failed" }));
  await userEvent.click(await screen.findByRole("button", { name: "Send all again" }));
  expect(await screen.findByText("No deliveries here")).toBeVisible();
  expect(server.sent("POST", `${DELIVERIES}/retry`)).toHaveLength(1);
  expect(screen.queryByRole("button", { name: "Send all again" })).not.toBeInTheDocument();
});

test("the tab stands in the address", async () => {
  server = await serve(() => undefined);
  await show(<AdminPage />, { path: "/admin?tab=audit" });
  expect(await screen.findByText("Nothing recorded yet")).toBeVisible();
  await userEvent.click(screen.getByRole("tab", { name: "People" }));
  expect(location.search).toBe("?tab=users");
  expect(await screen.findByText("Nobody found")).toBeVisible();
});

test("a new person is refused field by field", async () => {
  const errors = [{ field: "email", message: "is taken" }];
  server = await serve(({ method }) =>
    method === "POST" ? { status: 422, body: { title: "Invalid", errors } } : undefined,
  );
  await show(<AdminPage />, { path: "/admin?tab=users" });
  await userEvent.click(await screen.findByRole("button", { name: "Add a person" }));
  const dialog = await screen.findByRole("dialog", { name: "Add a person" });
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Jo");
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Email" }), "jo@x.example");
  await userEvent.type(within(dialog).getByLabelText(/First password/), "long enough");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  expect(await within(dialog).findByText("is taken")).toBeVisible();
  expect(JSON.parse(server.sent("POST", "/api/users")[0]!.body)).toEqual({
    name: "Jo",
    email: "jo@x.example",
    role: "member",
    premium: false,
    phone: null,
    password: "long enough",
  });
});

test("the audit trail tells in words what was done, also of fields that it does not know", async () => {
  const entry = { actor_name: "Amara", at: "2026-06-30T06:00:00Z", outcome: "done" };
  const items = [
    { ...entry, id: "1", action: "feature.switch", detail: { name: FLAG, enabled: false } },
    { ...entry, id: "2", action: "schedule.change", detail: { fields: ["next_due_date", "colour_code"] } },
    { ...entry, id: "3", action: "key.hand_over", detail: { key_ring: { spare_keys: 2 } } },
    {
      ...entry,
      id: "4",
      action: "request",
      outcome: "refused",
      detail: { method: "POST", path: "/api/users" },
    },
  ];
  server = await serve(({ path }) =>
    path.startsWith("/api/admin/audit") ? { body: { items, next_cursor: null } } : undefined,
  );
  await show(<AdminPage />, { path: "/admin?tab=audit" });
  const texts = async (name: RegExp) => (await screen.findByRole("row", { name })).textContent;
  expect(await texts(/switched a feature/)).toContain("Name: Maintenance scheduling · Switched on: no");
  expect(await texts(/changed a plan/)).toContain("Changed: Due next and colour code");
  expect(await texts(/key hand over/)).toContain("key ring: spare keys: 2");
  expect(await texts(/tried what is not allowed/)).toMatch(
    /Refused.*Wanted: to change · Address: \/api\/users/,
  );
});
