import { expect, test } from "@playwright/test";
import { makePlan, PNG, signIn, tokenOf } from "./steps";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("a coordinator logs work on a phone in two taps", async ({ page, request }) => {
  const { id } = await makePlan(request, "two taps", "coordinator");
  await signIn(page, "coordinator");
  await page.goto(`/schedules/${id}`);
  await page.getByRole("link", { name: "Log work" }).tap();
  await page.getByRole("button", { name: "Mark as done" }).tap();
  await expect(page.getByRole("link", { name: "Log work" })).toBeVisible();
  await expect(page.getByText("No issues")).toBeVisible();
});

test("with a photo, notes and an issue", async ({ page, request }) => {
  const { id } = await makePlan(request, "with photo", "coordinator");
  await signIn(page, "coordinator");
  await page.goto(`/schedules/${id}/log`);
  await page.getByLabel("Photos").setInputFiles({ name: "mower.png", mimeType: "image/png", buffer: PNG });
  await expect(page.getByAltText("Photo 1")).toBeVisible();
  await page.getByText("Minor", { exact: true }).tap();
  await page.getByRole("textbox", { name: "Notes" }).fill("Blade is dull.");
  await page.getByRole("button", { name: "Mark as done" }).tap();
  await expect(page.getByText("Blade is dull.")).toBeVisible();
  await page.getByRole("button", { name: "Open photo 1 of 1" }).tap();
  await expect(page.getByRole("dialog").getByRole("img", { name: "Photo 1 of 1" })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("offline in the middle: kept through a reload, sent once", async ({ page, context, request }) => {
  const { id } = await makePlan(request, "offline", "coordinator");
  await signIn(page, "coordinator");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.goto(`/schedules/${id}/log`);
  await page.getByRole("textbox", { name: "Notes" }).fill("Done in the shed.");
  await context.setOffline(true);
  await page.getByRole("button", { name: "Mark as done" }).tap();
  await expect(page.getByText(/1 record of work waits/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/1 record of work waits/)).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText(/1 record of work waits/)).toBeHidden({ timeout: 30_000 });

  const headers = { Authorization: `Bearer ${await tokenOf(request, "coordinator")}` };
  const logs = await (await request.get(`/api/maintenance/logs?schedule_id=${id}`, { headers })).json();
  expect(logs.items.map(({ notes }: { notes: string }) => notes)).toEqual(["Done in the shed."]);
});

test("what was typed survives a reload", async ({ page, request }) => {
  const { id } = await makePlan(request, "draft", "coordinator");
  await signIn(page, "coordinator");
  await page.goto(`/schedules/${id}/log`);
  await page.getByRole("textbox", { name: "Notes" }).fill("Half a sentence");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Notes" })).toHaveValue("Half a sentence");
});

test("somebody else was quicker", async ({ page, request }) => {
  const { id } = await makePlan(request, "quicker", "coordinator");
  await signIn(page, "coordinator");
  await page.goto(`/schedules/${id}/log`);
  await expect(page.getByRole("button", { name: "Mark as done" })).toBeEnabled();
  const headers = { Authorization: `Bearer ${await tokenOf(request, "admin")}` };
  const other = { schedule_id: id, issues_found: "none" };
  expect((await request.post("/api/maintenance/logs", { headers, data: other })).status()).toBe(201);
  await page.getByRole("button", { name: "Mark as done" }).tap();
  await expect(page.getByRole("alert").filter({ hasText: "Already done" })).toContainText(
    "need not be done again",
  );
  await page.getByRole("button", { name: "Fine, leave it" }).tap();
  await expect(page.getByRole("heading", { name: "Who is told, and when" })).toBeVisible();
});
