import { expect, test } from "@playwright/test";
import { makePlan, pick, pointAt, signIn } from "./steps";

test("an admin plans, changes, deletes and restores", async ({ page }) => {
  await signIn(page, "admin");
  await page.getByRole("link", { name: "New plan" }).click();
  await page.getByRole("button", { name: "Create the plan" }).click();
  await expect(page.getByText("This is needed.").first()).toBeVisible();

  await page.getByRole("combobox", { name: "Thing" }).click();
  await page.getByRole("option").first().click();
  await page.getByRole("combobox", { name: "Kind of work" }).fill(`belt tension ${Date.now()}`);
  await page.getByRole("combobox", { name: "How often" }).click();
  await page.getByRole("option", { name: "Quarterly" }).click();
  await pick(page, "Assigned to", "Jonas");
  await page.getByRole("textbox", { name: "What to do" }).fill("**Tighten** it <img src=x onerror=alert(1)>");
  await expect(page.getByText(/^Every 3 months on/)).toBeVisible();
  await expect(page.getByRole("list", { name: "Next dates" }).getByRole("listitem")).toHaveCount(12);
  await page.getByRole("button", { name: "Create the plan" }).click();

  await expect(page.getByText(/belt tension/).first()).toBeVisible();
  await expect(page.locator(".markdown strong")).toHaveText("Tighten");
  await expect(page.locator(".markdown img")).toHaveCount(0);

  const kind = `belt and chain ${Date.now()}`;
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("combobox", { name: "Kind of work" }).fill(kind);
  await page.getByRole("link", { name: "Calendar" }).click();
  await expect(page.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText(kind).first()).toBeVisible();

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the plan" }).click();
  const row = page.getByRole("article").filter({ hasText: kind });
  await expect(row.getByText("Deleted")).toBeVisible();
  await row.getByRole("button", { name: "Restore" }).click();
  await expect(row.getByText("Deleted")).toBeHidden();
});

test("the server's own verdict stands at its field", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/schedules/new");
  await page.getByRole("combobox", { name: "Thing" }).click();
  await page.getByRole("option").first().click();
  await page.getByRole("combobox", { name: "Kind of work" }).fill("rule check");
  await page.getByRole("combobox", { name: "How often" }).click();
  await page.getByRole("option", { name: "By a rule of your own" }).click();
  await page.getByRole("textbox", { name: "Rule" }).fill("FREQ=NEVER");
  await page.getByRole("button", { name: "Create the plan" }).click();
  await expect(page.getByRole("textbox", { name: "Rule" })).toHaveAttribute("aria-invalid", "true");
});

test("an occurrence is dragged to another day, and back", async ({ page, request }) => {
  const plan = await makePlan(request, `drag ${Date.now()}`);
  await page.setViewportSize({ width: 1440, height: 1200 });
  await signIn(page, "admin");
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(
    new Date(plan.next_due_date),
  );
  await page.goto(`/calendar?view=week&date=${day}&type=${encodeURIComponent(plan.schedule_type)}`);
  const entry = page.getByRole("link", { name: new RegExp(plan.schedule_type) }).first();
  await pointAt(page, entry);
  await expect(page.getByRole("tooltip")).toContainText(plan.resource.name);
  let from = (await entry.boundingBox())!;
  // The page may still be settling: a mouse that missed the entry takes hold of it again.
  await expect(async () => {
    from = (await entry.boundingBox())!;
    const grid = (await page.locator("[class*=_grid_]").first().boundingBox())!;
    const left = from.x - grid.x > grid.width / 2;
    await page.mouse.move(from.x + 40, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 40 + (left ? -1 : 1) * (grid.width / 7), from.y + 12, { steps: 12 });
    await page.mouse.up();
    await expect(page.getByText(/moved to/)).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 20_000 });
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/moved to/)).toBeHidden();
  await expect.poll(async () => Math.round((await entry.boundingBox())?.x ?? 0)).toBe(Math.round(from.x));
});

test("filters stay in the address", async ({ page }) => {
  await signIn(page, "admin");
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("combobox", { name: "State" }).click();
  await page.getByRole("option", { name: "Overdue" }).click();
  await expect(page).toHaveURL(/status=overdue/);
  await page.reload();
  await expect(page.getByRole("button", { name: "Filters (1)" })).toBeVisible();
});

test("the log is exported as it is filtered", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/logs?issues=minor");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  expect((await download).suggestedFilename()).toMatch(/^maintenance-log-.*\.csv$/);
});

test("an admin finds people, registers a thing and looks through the panel", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/admin?tab=users");
  await page.getByRole("searchbox", { name: "Search" }).fill("jonas");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("tab", { name: "Things" }).click();
  await page.getByRole("button", { name: "Register a thing" }).click();
  const name = `Wheelbarrow ${Date.now()}`;
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill(name);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeVisible();
  await page.getByRole("tab", { name: "Audit trail" }).click();
  await expect(page.getByRole("row").nth(1)).toBeVisible();
});

test("a dialog stands in the middle of the screen, on a desk and on a phone", async ({ page }) => {
  await signIn(page, "admin");
  for (const width of [1366, 360]) {
    await page.setViewportSize({ width, height: 740 });
    await page.goto("/admin?tab=users");
    await page.getByRole("button", { name: "Add a person" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a person" });
    await expect(dialog).toBeVisible();
    const { x, width: wide } = (await dialog.boundingBox())!;
    expect(Math.abs(x + wide / 2 - width / 2), `at ${width} px`).toBeLessThan(10);
  }
});

test("mail in the outbox is shown as it is read, without marks and addresses", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/admin?tab=outbox");
  await page
    .getByRole("row")
    .filter({ hasText: "Email" })
    .first()
    .getByRole("button", { name: "Read" })
    .click();
  const mail = page.getByRole("dialog");
  await expect(mail.getByRole("listitem").first()).toBeVisible();
  await expect(mail).not.toContainText(/\*\*|\]\(/);
});
