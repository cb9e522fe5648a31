import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { makePlan, openFirst, settled, signIn } from "./steps";

const SCREENS = [
  "/calendar?view=month",
  "/calendar?view=week",
  "/calendar?view=agenda",
  "/schedules",
  "/schedules/new",
  "/logs",
  "/logs/new",
  "/notifications",
  "/notifications/preferences",
  "/admin?tab=overview",
  "/admin?tab=deliveries",
  "/admin?tab=users",
  "/admin?tab=resources",
  "/admin?tab=outbox",
  "/admin?tab=audit",
  "/nowhere",
];

async function violations(page: Page) {
  await settled(page);
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}, ${nodes.length} times, first ${nodes[0]!.html.slice(0, 200)}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("sign-in has no violations", async ({ page }) => {
      await page.goto("/sign-in");
      expect(await violations(page)).toEqual([]);
    });

    test("every screen of an admin has no violations", async ({ page }) => {
      test.setTimeout(180_000);
      await signIn(page, "admin");
      for (const screen of SCREENS) {
        await page.goto(screen);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await violations(page), screen).toEqual([]);
      }
      await page.goto("/schedules");
      await openFirst(page);
      expect(await violations(page), "a plan").toEqual([]);
    });

    test("the phone's screens have no violations", async ({ page, request }) => {
      await page.setViewportSize({ width: 360, height: 740 });
      const { id } = await makePlan(request, "phone check", "coordinator");
      await signIn(page, "coordinator");
      for (const screen of ["/calendar", "/schedules", `/schedules/${id}/log`, "/logs", "/notifications"]) {
        await page.goto(screen);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        expect(await violations(page), screen).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, `${screen} scrolls sideways`).toBeLessThanOrEqual(0);
      }
    });
  });
}
