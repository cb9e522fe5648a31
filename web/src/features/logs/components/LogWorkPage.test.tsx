import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { show } from "../../../test/render";
import { log, schedule } from "../../../test/samples";
import { startServer } from "../../../test/server";
import { LogWorkPage } from "./LogWorkPage";
import { QueueBanner } from "./QueueBanner";

const LOGS = "/api/maintenance/logs";
let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.stop());

type Answer = { status?: number; body?: unknown };

/** Answers that a POST of work gets, one after the other; the last one stays. */
async function serve(...answers: Answer[]) {
  server = await startServer(({ method, path }) => {
    if (method === "POST" && path === LOGS) return answers.length > 1 ? answers.shift()! : answers[0]!;
    return path.startsWith("/api/maintenance/schedules/") ? { body: schedule() } : { body: { items: [] } };
  });
}

const open = (id = "plan-1") =>
  show(
    <>
      <QueueBanner />
      <LogWorkPage />
    </>,
    { path: `/schedules/${id}/log` },
  );
const done = () => userEvent.click(screen.getByRole("button", { name: "Mark as done" }));

test("one tap records the occurrence that was open, as done now", async () => {
  await serve({ status: 201, body: log() });
  await open();
  expect(await screen.findByText(/^Due Thu, 31 Dec 2026/)).toBeVisible();
  await done();
  await waitFor(() => expect(location.pathname).toBe("/schedules/plan-1"));
  const [sent] = server.sent("POST", LOGS);
  const body = JSON.parse(sent!.body);
  expect(body).toMatchObject({
    schedule_id: "plan-1",
    due_date: "2026-12-31T08:00:00Z",
    issues_found: "none",
  });
  expect(Math.abs(Date.parse(body.performed_at) - Date.now())).toBeLessThan(60_000);
});

test("a server that is away gets the same record again, under the same key", async () => {
  await serve({ status: 503, body: { title: "Away" } }, { status: 201, body: log() });
  await open();
  await userEvent.type(await screen.findByRole("textbox", { name: "Notes" }), "In the shed.");
  await done();
  expect(await screen.findByText(/1 record of work waits/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  await waitFor(() => expect(screen.queryByText(/1 record of work waits/)).not.toBeInTheDocument());
  const [first, second] = server.sent("POST", LOGS);
  expect(second!.body).toBe(first!.body);
  expect(first!.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(second!.headers["idempotency-key"]).toBe(first!.headers["idempotency-key"]);
});

test("what was typed is there again when the page is", async () => {
  await serve({ status: 201, body: log() });
  const { unmount } = await open("plan-2");
  await userEvent.type(await screen.findByRole("textbox", { name: "Notes" }), "Half a sentence");
  await userEvent.click(screen.getByRole("radio", { name: "Minor" }));
  unmount();
  await open("plan-2");
  await waitFor(() => expect(screen.getByRole("textbox", { name: "Notes" })).toHaveValue("Half a sentence"));
  expect(screen.getByRole("radio", { name: "Minor" })).toBeChecked();
});

test("somebody else was quicker: it is said, and one's own record may be kept as well", async () => {
  const closed_by = { id: "x", name: "Jonas" };
  const refusal = { title: "Done", code: "occurrence_already_completed", closed_by };
  await serve({ status: 409, body: refusal }, { status: 201, body: log() });
  await open("plan-3");
  await screen.findByText(/^Due Thu/);
  await done();
  expect(await screen.findByRole("alert")).toHaveTextContent("Jonas has already done this.");
  await userEvent.click(screen.getByRole("button", { name: "Keep my record as well" }));
  await waitFor(() => expect(location.pathname).toBe("/schedules/plan-3"));
  expect(JSON.parse(server.sent("POST", LOGS)[1]!.body)).not.toHaveProperty("due_date");
});

test("another time is chosen in the community's zone", async () => {
  await serve({ status: 201, body: log() });
  await open("plan-4");
  await userEvent.click(await screen.findByRole("button", { name: "At another time" }));
  expect(await screen.findByText("Time in Europe/Berlin")).toBeVisible();
  expect(screen.getByRole("button", { name: /Done at/ })).toBeVisible();
});
