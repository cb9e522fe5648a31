import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { person, show } from "../../../test/render";
import { THING } from "../../../test/samples";
import { startServer } from "../../../test/server";
import { CalendarPage } from "./CalendarPage";

const EVENT = {
  id: "e1",
  kind: "occurrence",
  schedule_id: "plan-1",
  log_id: null,
  resource: THING,
  title: "Cargo bike: brake check",
  start: "2026-03-10T08:00:00Z",
  status: "scheduled",
  assignee: null,
  performer: null,
};
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer(({ path }) => {
    if (path.includes("schedule_type=nothing")) return { body: { events: [] } };
    if (path.startsWith("/api/maintenance/calendar")) return { body: { events: [EVENT] } };
    if (path.startsWith("/api/maintenance/schedules/types")) return { body: { types: ["Oil change"] } };
    return { body: { items: [THING], next_cursor: null } };
  });
});
afterEach(() => server.stop());

const asked = () =>
  server.calls.filter(({ path }) => path.startsWith("/api/maintenance/calendar")).map(({ path }) => path);

test("what the address says is what the server is asked for, by the community's days", async () => {
  const path = `/calendar?view=agenda&date=2026-03-01&status=completed&resource=${THING.id}&type=Oil+change`;
  await show(<CalendarPage />, { path });
  expect(await screen.findByRole("link", { name: /brake check/ })).toHaveAttribute(
    "href",
    "/schedules/plan-1",
  );
  const query = new URL(asked()[0]!, "http://x").searchParams;
  expect(Object.fromEntries(query)).toEqual({
    from: "2026-02-28T23:00:00Z",
    to: "2026-03-31T22:00:00Z",
    status: "completed",
    resource_id: THING.id,
    schedule_type: "Oil change",
  });
});

test("a filter goes into the address, and out of it again", async () => {
  await show(<CalendarPage />, { path: "/calendar?view=agenda&date=2026-03-01" });
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Filters" }));
  await user.click(await screen.findByRole("combobox", { name: "State" }));
  await user.click(await screen.findByRole("option", { name: "Overdue" }));
  expect(location.search).toBe("?view=agenda&date=2026-03-01&status=overdue");
  expect(screen.getByRole("button", { name: "Filters (1)" })).toBeVisible();
  await expect.poll(() => asked().some((path) => path.includes("status=overdue"))).toBe(true);
  await user.click(screen.getByRole("combobox", { name: "Kind of work" }));
  await user.click(await screen.findByRole("option", { name: "Oil change" }));
  expect(location.search).toContain("type=Oil+change");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(location.search).toBe("?view=agenda&date=2026-03-01");
});

test("an entry tells its state by a named shape, and the time by the community's zone", async () => {
  await show(<CalendarPage />, { path: "/calendar?view=agenda&date=2026-03-01" });
  const entry = await screen.findByRole("link", { name: /brake check/ });
  expect(within(entry).getByRole("img", { name: "Scheduled" })).toBeVisible();
  expect(entry).toHaveTextContent("09:00");
  expect(screen.getByText("Times in Europe/Berlin")).toBeVisible();
});

test("a member is offered nothing that would be refused", async () => {
  await show(<CalendarPage />, { user: person("member"), path: "/calendar?view=agenda&date=2026-03-01" });
  await screen.findByRole("link", { name: /brake check/ });
  expect(screen.queryByRole("link", { name: /New plan|Log a repair/ })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Filters" }));
  expect(await screen.findByRole("combobox", { name: "Thing" })).toBeVisible();
  expect(screen.queryByRole("combobox", { name: "Person" })).not.toBeInTheDocument();
});

test("where filters leave nothing, one press takes them away", async () => {
  await show(<CalendarPage />, { path: "/calendar?view=agenda&date=2026-03-01&type=nothing" });
  expect(await screen.findByRole("combobox", { name: "Kind of work" })).toHaveValue("nothing");
  const message = (await screen.findByText("Nothing fits in this month")).parentElement!;
  await userEvent.click(within(message).getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByRole("link", { name: /brake check/ })).toBeVisible();
  expect(location.search).toBe("?view=agenda&date=2026-03-01");
});
