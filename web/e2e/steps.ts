import { type APIRequestContext, expect, type Locator, type Page } from "@playwright/test";

export type Role = "admin" | "coordinator" | "member";
export const PASSWORD = "demo-maintenance";
// One red pixel.
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC",
  "base64",
);
export const emailOf = (role: Role) => `${role}@communityshare.example`;

export async function fillSignIn(page: Page, email: string, password = PASSWORD) {
  await page.getByRole("textbox", { name: "Email" }).fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signIn(page: Page, role: Role) {
  await page.goto("/sign-in");
  await fillSignIn(page, emailOf(role));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Calendar");
}

/** Everything that a page complains of, from now on. */
export function complaintsOf(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => message.type() === "error" && found.push(message.text()));
  page.on("pageerror", (error) => found.push(String(error)));
  return found;
}

/** Opens the first plan of the list on the page. */
export async function openFirst(page: Page) {
  await page.locator("article a.row-link").first().click();
  await expect(page.getByRole("heading", { name: "Who is told, and when" })).toBeVisible();
}

/** Waits until nothing on the page is loading. The stream of unread messages never ends, so the network never idles. */
export async function settled(page: Page) {
  await expect(page.getByRole("status", { name: /Loading/ })).toHaveCount(0);
  await expect(page.locator("[aria-busy=true], .mantine-Skeleton-root")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
}

/** Picks the first answer of the server in a select that searches. */
export async function pick(page: Page, label: string, text: string) {
  await page.getByRole("combobox", { name: label }).fill(text);
  await page.getByRole("option", { name: text }).first().click();
}

/** Points at an entry of the calendar until its card shows; what drags it is there then as well. */
export async function pointAt(page: Page, entry: Locator) {
  // The first movement makes the grid anew, under a pointer that stands still.
  await expect(async () => {
    await page.mouse.move(0, 0);
    await entry.hover();
    await expect(page.getByRole("tooltip")).toBeVisible({ timeout: 2_000 });
  }).toPass();
}

export async function tokenOf(request: APIRequestContext, role: Role): Promise<string> {
  const data = { email: emailOf(role), password: PASSWORD, refresh_token_in: "body" };
  const answer = await request.post("/api/auth/login", { data });
  return (await answer.json()).access_token;
}

interface Plan {
  id: string;
  version: number;
  resource: { name: string };
  schedule_type: string;
  next_due_date: string;
}

/** A plan of its own for a test, due tomorrow, of the given person; nobody else's test touches it. */
export async function makePlan(request: APIRequestContext, kind: string, assignee?: Role): Promise<Plan> {
  const headers = { Authorization: `Bearer ${await tokenOf(request, "admin")}` };
  const get = async (path: string) => (await (await request.get(path, { headers })).json()).items;
  const [thing] = await get("/api/resources?limit=1");
  const people = assignee ? await get("/api/users?limit=200") : [];
  const answer = await request.post("/api/maintenance/schedules", {
    headers,
    data: {
      resource_id: thing.id,
      schedule_type: kind,
      frequency: "monthly",
      start_date: new Date(Date.now() + 86_000_000).toISOString(),
      assigned_to: people.find((user: { email: string }) => user.email === emailOf(assignee!))?.id ?? null,
    },
  });
  expect(answer.status()).toBe(201);
  return answer.json();
}
