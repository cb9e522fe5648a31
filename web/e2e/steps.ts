import { expect, type Page } from "@playwright/test";

export type Role = "admin" | "coordinator" | "member";
export const PASSWORD = "demo-maintenance";

export async function signIn(page: Page, role: Role) {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(`${role}@communityshare.example`);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Calendar");
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
  await page.waitForTimeout(350);
}
