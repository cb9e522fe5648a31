import { expect, test } from "@playwright/test";
import { signIn } from "./steps";

test("switched off, maintenance is gone for everybody; switched on, everything is back", async ({
  browser,
}) => {
  const [admin, member] = await Promise.all([browser.newPage(), browser.newPage()]);
  await signIn(admin, "admin");
  await signIn(member, "member");
  await admin.goto("/admin");
  const flag = admin.getByRole("switch", { name: "Maintenance scheduling" });
  await expect(flag).toBeChecked();
  await flag.click({ force: true });
  await expect(flag).not.toBeChecked();
  await expect(admin.getByRole("link", { name: "Calendar" })).toHaveCount(0);

  await member.waitForTimeout(5_000);
  await member.goto("/calendar");
  await expect(member.getByRole("heading", { name: "Maintenance is switched off" })).toBeVisible();
  await expect(member.getByRole("link", { name: "Plans" })).toHaveCount(0);

  await flag.click({ force: true });
  await expect(admin.getByRole("link", { name: "Calendar" })).toBeVisible();
  await member.waitForTimeout(5_000);
  await member.goto("/schedules");
  await expect(member.locator("article").first()).toBeVisible();
  await Promise.all([admin.close(), member.close()]);
});
