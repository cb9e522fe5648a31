import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { show } from "../../../test/render";
import { schedule, THING } from "../../../test/samples";
import { type Call, startServer } from "../../../test/server";
import { EditSchedulePage } from "./EditSchedulePage";
import { NewSchedulePage } from "./NewSchedulePage";

let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.stop());

type Answer = { status?: number; body?: unknown };

function serve(answer: (call: Call) => Answer | undefined) {
  return startServer((call) => {
    const own = answer(call);
    if (own) return own;
    if (call.path.endsWith("/preview")) return { body: { dates: ["2026-01-31T08:00:00Z"] } };
    if (call.path.includes("/types")) return { body: { types: ["Oil change"] } };
    if (call.path.startsWith("/api/resources/")) return { body: THING };
    return { body: { items: [THING], next_cursor: null } };
  });
}

test("what is missing is said at its field, before the server is asked", async () => {
  server = await serve(() => undefined);
  await show(<NewSchedulePage />, { path: "/schedules/new" });
  await userEvent.click(screen.getByRole("button", { name: "Create the plan" }));
  expect((await screen.findAllByText("This is needed.")).length).toBeGreaterThanOrEqual(2);
  expect(screen.getByRole("combobox", { name: "Kind of work" })).toBeInvalid();
  expect(server.sent("POST", "/api/maintenance/schedules")).toEqual([]);
});

test("the server's verdict stands at its field, anything else above the form", async () => {
  const errors = [{ field: "schedule_type", message: "Too vague." }];
  let refusal: Answer = { status: 422, body: { title: "Invalid", code: "invalid", errors } };
  server = await serve(({ method, path }) =>
    method === "POST" && path === "/api/maintenance/schedules" ? refusal : undefined,
  );
  await show(<NewSchedulePage />, { path: `/schedules/new?resource=${THING.id}` });
  const user = userEvent.setup();
  const kind = screen.getByRole("combobox", { name: "Kind of work" });
  await user.type(kind, "Stuff");
  await user.click(screen.getByRole("button", { name: "Create the plan" }));
  expect(await screen.findByText("Too vague.")).toBeVisible();
  expect(kind).toBeInvalid();
  refusal = { status: 503, body: { title: "Away" } };
  await user.type(kind, " more");
  await user.click(screen.getByRole("button", { name: "Create the plan" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("busy or being updated");
  expect(JSON.parse(server.sent("POST", "/api/maintenance/schedules")[1]!.body)).toMatchObject({
    resource_id: THING.id,
    schedule_type: "Stuff more",
  });
});

test("the plan made leads to its page", async () => {
  server = await serve(({ method, path }) =>
    method === "POST" && path === "/api/maintenance/schedules"
      ? { status: 201, body: schedule() }
      : undefined,
  );
  await show(<NewSchedulePage />, { path: `/schedules/new?resource=${THING.id}` });
  await userEvent.type(screen.getByRole("combobox", { name: "Kind of work" }), "Brake check");
  await userEvent.click(screen.getByRole("button", { name: "Create the plan" }));
  await expect.poll(() => location.pathname).toBe("/schedules/plan-1");
});

test("an edit conflict shows what changed, and saves only one's own on top of it", async () => {
  const theirs = schedule({ schedule_type: "Brakes and tyres", version: 4 });
  let now = schedule();
  server = await serve(({ method, path, headers }) => {
    if (path !== "/api/maintenance/schedules/plan-1") return undefined;
    if (method === "GET") return { body: now };
    if (headers["if-match"] === '"4"') return { body: { ...theirs, description: "Mine", version: 5 } };
    now = theirs;
    return { status: 412, body: { title: "Stale", code: "stale_version" } };
  });
  await show(<EditSchedulePage />, { path: "/schedules/plan-1/edit" });
  const user = userEvent.setup();
  await user.type(await screen.findByRole("textbox", { name: "What to do" }), "Mine");
  await user.click(screen.getByRole("button", { name: "Save" }));
  const conflict = await screen.findByRole("alert");
  const row = within(conflict).getByRole("row", { name: /Kind of work/ });
  expect(row).toHaveTextContent("Brake checkBrakes and tyresBrake check");
  expect(screen.getByRole("textbox", { name: "What to do" })).toHaveValue("Mine");
  await user.click(within(conflict).getByRole("button", { name: "Save mine" }));
  await expect.poll(() => location.pathname).toBe("/schedules/plan-1");
  const saved = server.sent("PATCH", "/api/maintenance/schedules/plan-1");
  expect(saved.map(({ headers, body }) => [headers["if-match"], JSON.parse(body)])).toEqual([
    ['"3"', { description: "Mine" }],
    ['"4"', { description: "Mine" }],
  ]);
});

test("typed changes are not left behind unasked", async () => {
  server = await serve(() => undefined);
  await show(<NewSchedulePage />, { path: "/schedules/new" });
  await userEvent.type(screen.getByRole("combobox", { name: "Kind of work" }), "Half a");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  const dialog = await screen.findByRole("dialog", { name: "Leave without saving?" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Stay" }));
  expect(location.pathname).toBe("/schedules/new");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
  expect(location.pathname).toBe("/schedules");
});
