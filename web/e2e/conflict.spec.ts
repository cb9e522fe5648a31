import { expect, test } from "@playwright/test";
import { makePlan, signIn } from "./steps";

test("two people edit one plan: the second sees what the first changed", async ({ browser, request }) => {
  const { id } = await makePlan(request, "before");
  const [first, second] = await Promise.all([browser.newPage(), browser.newPage()]);
  for (const page of [first, second]) {
    await signIn(page, "admin");
    await page.goto(`/schedules/${id}/edit`);
    await expect(page.getByRole("combobox", { name: "Kind of work" })).toHaveValue("before");
  }
  await first.getByRole("combobox", { name: "Kind of work" }).fill("what the first wrote");
  await first.getByRole("button", { name: "Save", exact: true }).click();
  await expect(first.getByText("The plan is changed.")).toBeVisible();

  await second.getByRole("textbox", { name: "What to do" }).fill("what the second wrote");
  await second.getByRole("button", { name: "Save", exact: true }).click();
  const conflict = second.getByRole("alert").filter({ hasText: "Somebody else has changed this plan" });
  await expect(conflict.getByRole("row", { name: /Kind of work/ })).toContainText("what the first wrote");
  await expect(second.getByRole("textbox", { name: "What to do" })).toHaveValue("what the second wrote");

  await conflict.getByRole("button", { name: "Save mine" }).click();
  await expect(second.getByText("what the first wrote").first()).toBeVisible();
  await expect(second.locator(".markdown")).toHaveText("what the second wrote");
  await Promise.all([first.close(), second.close()]);
});
