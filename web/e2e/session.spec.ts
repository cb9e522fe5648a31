import { gzipSync } from "node:zlib";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { complaintsOf, fillSignIn, makePlan, PASSWORD, settled, signIn, tokenOf } from "./steps";

test("a wrong password says no more than needed", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "Email" }).fill("nobody@communityshare.example");
  await page.getByRole("textbox", { name: "Password" }).fill("wrong-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("Email and password do not match.");
});

test("a first visit complains of nothing in the console", async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  expect(complaints).toEqual([]);
});

test("a page loads no more JavaScript than promised", async ({ page, browser }) => {
  await signIn(page, "admin");
  const { cookies, origins } = await page.context().storageState();
  for (const [path, width] of [
    ["/sign-in", 1440],
    ["/calendar", 1440],
    ["/calendar", 390],
  ] as const) {
    const signedIn = path !== "/sign-in";
    const fresh = await browser.newContext({
      viewport: { width, height: 900 },
      serviceWorkers: "block",
      storageState: signedIn ? { cookies, origins } : undefined,
    });
    const visitor = await fresh.newPage();
    const bodies: Promise<Buffer>[] = [];
    visitor.on("response", (answer) => answer.url().endsWith(".js") && bodies.push(answer.body()));
    await visitor.goto(path);
    await expect(visitor.getByRole("heading", { level: 1 })).toBeVisible();
    await settled(visitor);
    if (signedIn) await expect(visitor.locator("[data-status]").first()).toBeVisible();
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
    expect(
      sizes.reduce((sum, size) => sum + size, 0),
      `${path} at ${width} px`,
    ).toBeLessThan(200_000);
    // The refresh token was rotated: the next visitor needs the new one.
    const state = await fresh.storageState();
    if (signedIn) cookies.splice(0, cookies.length, ...state.cookies);
    await fresh.close();
  }
});

test("a reload keeps the session, and a deep link comes back after signing in", async ({ page }) => {
  await page.goto("/logs?issues=minor");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByRole("textbox", { name: "Email" }).fill("admin@communityshare.example");
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/logs\?issues=minor/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Work log");
});

/** A plan's form with something typed into it; then its session is ended on the server, as by an admin who disables somebody. */
async function endedWhileTyping(page: Page, request: APIRequestContext): Promise<string> {
  const { id } = await makePlan(request, "session");
  await signIn(page, "admin");
  const read = page.waitForRequest((one) => one.url().endsWith(`/api/maintenance/schedules/${id}`));
  await page.goto(`/schedules/${id}/edit`);
  const { authorization } = (await read).headers();
  // What typing asks the server is answered before the end: the next request to be refused is the test's own.
  const asked = page.waitForResponse(/types\?q=typed/);
  await page.getByRole("combobox", { name: "Kind of work" }).fill("typed before the end");
  await asked;
  await settled(page);
  await request.post("/api/auth/logout", { headers: { Authorization: authorization! } });
  return id;
}

async function resume(page: Page) {
  const dialog = page.getByRole("dialog", { name: "Your session has ended" });
  await dialog.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeHidden();
}

async function expectSaved(page: Page, id: string) {
  await expect(page).toHaveURL(new RegExp(`/schedules/${id}$`));
  await expect(page.getByText("typed before the end").first()).toBeVisible();
}

test("an ended session is resumed without losing the form, and what was sent goes on", async ({
  page,
  request,
}) => {
  const id = await endedWhileTyping(page, request);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await resume(page);
  await expectSaved(page, id);
});

test("a session may end in mid-form: once it is resumed, the form is as it was", async ({
  page,
  request,
}) => {
  const id = await endedWhileTyping(page, request);
  await page.getByRole("combobox", { name: "Assigned to" }).fill("Jo");
  await resume(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expectSaved(page, id);
});

test("a person changes the password, and only the new one opens", async ({ page, request }) => {
  const email = `pia.${Date.now()}@communityshare.example`;
  const fresh = "a tandem in the rain";
  const made = await request.post("/api/users", {
    headers: { Authorization: `Bearer ${await tokenOf(request, "admin")}` },
    data: { email, name: "Pia Pedal", password: PASSWORD },
  });
  expect(made.status()).toBe(201);
  await page.goto("/sign-in");
  await fillSignIn(page, email);
  await page.getByRole("button", { name: "Account of Pia Pedal" }).click();
  await page.getByRole("link", { name: "Change the password" }).click();
  const current = page.getByRole("textbox", { name: "Current password" });
  await current.fill("not the present one");
  await page.getByRole("textbox", { name: "New password" }).fill(fresh);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(current).toHaveAccessibleDescription("This is not your current password.");
  await expect(current).toBeFocused();
  await current.fill(PASSWORD);
  await page.getByRole("button", { name: "Change the password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();

  await page.getByRole("button", { name: "Account of Pia Pedal" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await fillSignIn(page, email);
  await expect(page.getByRole("alert")).toHaveText("Email and password do not match.");
  await fillSignIn(page, email, fresh);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Calendar");
});

test("by keyboard alone: sign in, find a plan, log the work", async ({ page, request }) => {
  const { id } = await makePlan(request, "keyboard", "coordinator");
  await page.goto("/sign-in");
  await page.getByRole("textbox", { name: "Email" }).focus();
  await page.keyboard.type("coordinator@communityshare.example");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Calendar");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.goto(`/schedules/${id}`);
  await page.getByRole("link", { name: "Log work" }).focus();
  await page.keyboard.press("Enter");
  const notes = page.getByRole("textbox", { name: "Notes" });
  await expect(notes).toBeVisible();
  for (let at = 0; at < 30 && !(await notes.evaluate((node) => node === document.activeElement)); at++)
    await page.keyboard.press("Tab");
  await page.keyboard.type("No mouse was touched.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Mark as done" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("No mouse was touched.")).toBeVisible();
});

test("German and Spanish leave no English behind on the first pages", async ({ browser }) => {
  for (const [locale, title] of [
    ["de-DE", "Kalender"],
    ["es-ES", "Calendario"],
  ] as const) {
    const context = await browser.newContext({ locale });
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.locator("input[type=email]").fill("admin@communityshare.example");
    await page.locator("input[type=password]").fill(PASSWORD);
    await page.locator("button[type=submit]").click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await expect(page.locator("html")).toHaveAttribute("lang", locale.slice(0, 2));
    await context.close();
  }
});
