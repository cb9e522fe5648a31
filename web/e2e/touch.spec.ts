import { expect, type Locator, type Page, test } from "@playwright/test";
import { makePlan, signIn } from "./steps";

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

/** What a finger can press on the page, where that is less than 44 px high or wide (a field, without its frame). */
async function tooSmall(page: Page, within: Locator = page.locator("body")): Promise<string[]> {
  return within
    .locator("a, button, input:not([type=file]), [role=option], [role=tab]")
    .filter({ visible: true })
    .evaluateAll((parts) => {
      const reaches = (part: Element, x: number, y: number) => {
        const hit = document.elementFromPoint(x, y);
        return hit === part || part.contains(hit) || !!hit?.closest("label")?.control?.isSameNode(part);
      };
      return parts
        .filter((part) => {
          part.scrollIntoView({ block: "center" });
          // What is around a box or a switch is its label.
          const seen = part.closest("label") ?? part;
          const { left, right, top, bottom } = seen.getBoundingClientRect();
          const [x, y] = [(left + right) / 2, (top + bottom) / 2];
          const across = right - left >= 42 || (reaches(part, x - 21, y) && reaches(part, x + 21, y));
          const down = bottom - top >= 42 || (reaches(part, x, y - 21) && reaches(part, x, y + 21));
          // Links in running text are as high as the text; the days of a phone's month are pressed as a whole.
          return !(across && down) && !part.closest(".skip-link, p, [data-narrow]");
        })
        .map((part) => part.outerHTML.slice(0, 160));
    });
}

test("whatever a finger presses is 44 px high and wide", async ({ page, request }) => {
  const { id } = await makePlan(request, "touch", "coordinator");
  await signIn(page, "coordinator");
  for (const screen of [
    "/calendar?view=agenda",
    "/calendar?view=month",
    "/schedules",
    "/logs",
    "/notifications",
    "/notifications/preferences",
    "/password",
    `/schedules/${id}`,
    `/schedules/${id}/log`,
  ]) {
    await page.goto(screen);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("status", { name: "Loading" })).toHaveCount(0);
    expect.soft(await tooSmall(page), screen).toEqual([]);
  }
  await page.getByRole("button", { name: /Account of/ }).tap();
  expect.soft(await tooSmall(page, page.getByRole("dialog")), "account menu").toEqual([]);
  await page.goto("/logs");
  await page.getByRole("button", { name: "Filters" }).tap();
  await page.getByRole("button", { name: "From", exact: true }).tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect.soft(await tooSmall(page, page.getByRole("dialog")), "a month to choose from").toEqual([]);
});

test("on a phone a day of the month is touched, and stands below in words", async ({ page, request }) => {
  const plan = await makePlan(request, `touched ${Date.now()}`);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" }).format(
    new Date(plan.next_due_date),
  );
  const other = `${day.slice(0, 8)}${day.endsWith("15") ? 16 : 15}`;
  await signIn(page, "admin");
  await page.goto(`/calendar?view=month&date=${other}&type=${encodeURIComponent(plan.schedule_type)}`);
  const grid = page.locator("[data-narrow]");
  const below = page.locator("[data-narrow] + div").getByRole("link");
  await expect(page.getByText("Nothing on this day.")).toBeVisible();
  await expect(grid.locator("[class*=chosen]")).toHaveAttribute("data-date", other);
  await grid.locator(`[data-date="${day}"] [data-entry]`).tap();
  await expect(page).toHaveURL(new RegExp(`date=${day}`));
  await expect(grid.locator("[class*=chosen]")).toHaveAttribute("data-date", day);
  await expect(below).toContainText(plan.schedule_type);
  await grid.locator(`[data-date="${other}"]`).tap();
  await expect(page.getByText("Nothing on this day.")).toBeVisible();
  await grid.getByRole("link").first().focus();
  await page.keyboard.press("Enter");
  await below.tap();
  await expect(page).toHaveURL(new RegExp(`/schedules/${plan.id}$`));
  await page.goBack();
  await expect(below).toContainText(plan.schedule_type);
});

test("what a finger presses among one's own things is as large", async ({ page }) => {
  await signIn(page, "member");
  await page.goto("/things");
  const edit = page.getByRole("button", { name: /^Edit / }).first();
  await expect(edit).toBeVisible();
  expect.soft(await tooSmall(page), "the list").toEqual([]);
  await edit.tap();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect.soft(await tooSmall(page, page.getByRole("dialog")), "a thing").toEqual([]);
  await page.getByRole("button", { name: "Delete" }).tap();
  await expect(page.getByRole("dialog", { name: /^Delete / })).toBeVisible();
  expect.soft(await tooSmall(page, page.getByRole("dialog")), "delete?").toEqual([]);
});
