import { mkdirSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { openFirst, settled, signIn } from "./steps";

const FOLDER = new URL("../../docs/screenshots/", import.meta.url).pathname;
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

mkdirSync(FOLDER, { recursive: true });

test.setTimeout(180_000);

async function picture(page: Page, name: string) {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForTimeout(700);
  await settled(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
}

for (const [size, viewport] of Object.entries(SIZES)) {
  test.describe(size, () => {
    test.use({ viewport, deviceScaleFactor: 1, reducedMotion: "reduce" } as never);

    test("sign-in", async ({ page }) => {
      await page.goto("/sign-in");
      await picture(page, `sign-in-${size}`);
    });

    test("as admin", async ({ page }) => {
      await signIn(page, "admin");
      await picture(page, `calendar-${size}`);
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, `calendar-dark-${size}`);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto("/schedules");
      await picture(page, `plans-${size}`);
      await openFirst(page);
      await picture(page, `plan-${size}`);
      await page.goto("/schedules/new");
      await picture(page, `plan-form-${size}`);
      await page.goto("/logs");
      await page
        .getByRole("button", { name: /Details of/ })
        .first()
        .click();
      await picture(page, `work-log-${size}`);
      for (const tab of ["overview", "deliveries", "users", "resources", "outbox", "audit"]) {
        await page.goto(`/admin?tab=${tab}`);
        await picture(page, `admin-${tab}-${size}`);
      }
    });

    test("as coordinator", async ({ page }) => {
      await signIn(page, "coordinator");
      await page.goto("/schedules");
      await page.getByRole("link", { name: "Log work" }).first().click();
      await page.getByRole("button", { name: "Mark as done" }).waitFor();
      await picture(page, `log-work-${size}`);
      await page.goto("/notifications");
      await picture(page, `messages-${size}`);
      await page.goto("/notifications/preferences");
      await picture(page, `preferences-${size}`);
    });

    test("as member", async ({ page }) => {
      await signIn(page, "member");
      await page.goto("/things");
      await picture(page, `my-things-${size}`);
    });
  });
}
