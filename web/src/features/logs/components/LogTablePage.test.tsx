import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";
import { person, show } from "../../../test/render";
import { log, THING } from "../../../test/samples";
import { startServer } from "../../../test/server";
import { LogTablePage } from "./LogTablePage";

const LOGS = "/api/maintenance/logs";
const photo = { thumbnail_url: "/t.webp", width: 10, height: 10, content_type: "image/webp", size: 1 };
const photos = ["/1.webp", "/2.webp"].map((url) => ({ ...photo, url }));
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer(({ path }) => {
    const { pathname, searchParams } = new URL(path, "http://x");
    if (pathname === `${LOGS}/log-1`)
      return {
        body: { ...log({ version: 2 }), history: [log(), log({ version: 2, amend_reason: "A slip" })] },
      };
    if (pathname !== LOGS) return { body: { items: [THING], next_cursor: null } };
    if (searchParams.get("q") === "nowhere") return { body: { items: [], next_cursor: null } };
    const second = log({ id: "log-2", notes: "", issues_found: "none" });
    return searchParams.has("cursor")
      ? { body: { items: [second], next_cursor: null } }
      : { body: { items: [log({ version: 2, photos })], next_cursor: "further" } };
  });
});
afterEach(() => server.stop());

const asked = () => server.sent("GET", LOGS).map(({ path }) => new URL(path, "http://x").searchParams);

test("the server sorts, and the address says how", async () => {
  await show(<LogTablePage />, { path: "/logs" });
  const heading = await screen.findByRole("columnheader", { name: "Done" });
  expect(heading).toHaveAttribute("aria-sort", "descending");
  await userEvent.click(within(heading).getByRole("button"));
  expect(location.search).toBe("?sort=performed_at");
  await waitFor(() => expect(heading).toHaveAttribute("aria-sort", "ascending"));
  await waitFor(() =>
    expect(asked().map((query) => query.get("sort"))).toEqual(["-performed_at", "performed_at"]),
  );
});

test("filters of the address are asked of the server; a day is the community's", async () => {
  await show(<LogTablePage />, { path: "/logs?issues=minor&from=2026-03-29&to=2026-03-29&q=pads" });
  await screen.findByText("Cargo bike");
  expect(Object.fromEntries(asked()[0]!)).toMatchObject({
    issues_found: "minor",
    q: "pads",
    performed_from: "2026-03-28T23:00:00Z",
    performed_to: "2026-03-29T22:00:00Z",
  });
  await userEvent.click(screen.getByRole("combobox", { name: "Issues" }));
  await userEvent.click(await screen.findByRole("option", { name: "Major issues" }));
  expect(location.search).toContain("issues=major");
  await waitFor(() => expect(asked().at(-1)!.get("issues_found")).toBe("major"));
});

test("a day is picked in the language of the page", async () => {
  await show(<LogTablePage />, { path: "/logs?from=2026-03-29", locale: "de" });
  const from = await screen.findByRole("button", { name: "Von" });
  expect(from).toHaveTextContent("29. März 2026");
  await userEvent.click(from);
  await userEvent.click(await screen.findByRole("button", { name: "12 März 2026" }));
  expect(location.search).toBe("?from=2026-03-12");
});

test("the next page is fetched by its cursor and stands below the first", async () => {
  await show(<LogTablePage />, { path: "/logs" });
  await userEvent.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByText("2 records")).toBeVisible();
  expect(asked().at(-1)!.get("cursor")).toBe("further");
  expect(screen.getAllByRole("button", { name: /Details of/ })).toHaveLength(2);
});

test("a row opens to its notes, its amendments and what an admin may do", async () => {
  await show(<LogTablePage />, { path: "/logs" });
  const more = await screen.findByRole("button", { name: "Details of Cargo bike, 1 Jul 2026" });
  expect(more).toHaveAttribute("aria-expanded", "false");
  await userEvent.click(more);
  expect(more).toHaveAttribute("aria-expanded", "true");
  expect(await screen.findByText("changed", { selector: "strong" })).toBeVisible();
  expect(await screen.findByText(/Amended .*: A slip/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Amend" })).toBeVisible();
});

test("a member reads and changes nothing", async () => {
  await show(<LogTablePage />, { path: "/logs", user: person("member") });
  await userEvent.click(await screen.findByRole("button", { name: /Details of/ }));
  expect(await screen.findByRole("link", { name: "Open the plan" })).toHaveAttribute(
    "href",
    "/schedules/plan-1",
  );
  expect(screen.queryByRole("button", { name: /Amend|Declare void|Add photos/ })).not.toBeInTheDocument();
});

test("the gallery is walked through and left by keyboard", async () => {
  await show(<LogTablePage />, { path: "/logs" });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /Details of/ }));
  const first = await screen.findByRole("button", { name: "Open photo 1 of 2" });
  first.focus();
  await user.keyboard("{Enter}");
  const gallery = await screen.findByRole("dialog");
  expect(await within(gallery).findByRole("button", { name: "Next photo" })).toBeEnabled();
  expect(within(gallery).getByRole("button", { name: "Previous photo" })).toBeDisabled();
  await user.keyboard("{ArrowRight}");
  await waitFor(() => expect(within(gallery).getByRole("button", { name: "Next photo" })).toBeDisabled());
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("where filters leave nothing, one press takes them and what was typed away", async () => {
  await show(<LogTablePage />, { path: "/logs?q=nowhere&sort=performed_at" });
  await screen.findByRole("heading", { name: "No record fits" });
  expect(screen.getByLabelText("Search")).toHaveValue("nowhere");
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  await screen.findByText("Cargo bike");
  expect(location.search).toBe("");
  expect(screen.getByLabelText("Search")).toHaveValue("");
});
