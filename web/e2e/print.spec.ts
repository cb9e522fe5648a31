import { expect, type Locator, type Page, test } from "@playwright/test";
import { settled, signIn } from "./steps";

test.use({ colorScheme: "dark" });

async function onPaper(page: Page) {
  await settled(page);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
}

const backgroundOf = (part: Locator) => part.evaluate((node) => getComputedStyle(node).backgroundColor);

async function expectNothingOfTheScreen(page: Page) {
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("banner")).toBeHidden();
  for (const name of ["Filters", "New plan", "Log a repair", "Export as CSV", "Show more"])
    await expect(page.getByText(name, { exact: true })).toBeHidden();
  expect(await backgroundOf(page.locator("body"))).toBe("rgb(255, 255, 255)");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide, "nothing runs off the sheet").toBeLessThanOrEqual(0);
}

test("the work log prints every row, light, without what only a screen needs", async ({ page }) => {
  await signIn(page, "admin");
  await page.goto("/logs");
  const rows = page.getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  const count = await rows.count();
  // A sheet of A4 at 96 dots an inch, less its margins.
  await page.setViewportSize({ width: 718, height: 1000 });
  await onPaper(page);
  await expectNothingOfTheScreen(page);
  for (const row of await rows.all()) await expect(row).toBeVisible();
  expect(await rows.count()).toBe(count);
  await expect(page.getByRole("columnheader", { name: "Done", exact: true })).toBeVisible();
});

async function openMonth(page: Page) {
  await signIn(page, "admin");
  await page.goto("/calendar?view=month");
  await expect(page.getByText(/^\+\d+ more/).first()).toBeVisible();
  await settled(page);
  return page.locator("[data-entry]").count();
}

test("the calendar prints its month with every entry", async ({ page }) => {
  const folded = await openMonth(page);
  const entries = page.locator("[data-entry]");
  await page.setViewportSize({ width: 1047, height: 718 });
  await page.evaluate(() => Object.assign(window, { print: () => dispatchEvent(new Event("beforeprint")) }));
  // By keyboard: the first movement of a pointer makes the grid anew, and folded.
  await page.getByRole("button", { name: "Print" }).press("Enter");
  await expect(page.getByText(/^\+\d+ more/)).toHaveCount(0);
  expect(await entries.count()).toBeGreaterThan(folded);
  await onPaper(page);
  await expectNothingOfTheScreen(page);
  await expect(page.getByRole("heading", { level: 2 })).toBeVisible();
  for (const entry of await entries.all()) await expect(entry).toBeVisible();
  const cut = await entries.evaluateAll(
    (all) => all.filter(({ children: [, title] }) => title!.scrollWidth > title!.clientWidth).length,
  );
  expect(cut, "titles that end in …").toBe(0);
});

test("printed by the browser itself, the month is unfolded at once, and folded again", async ({ page }) => {
  const folded = await openMonth(page);
  // First of all that hear of the end: it sees what was put on paper.
  await page.evaluate(() => {
    const look = () => {
      const { dataset } = document.documentElement;
      dataset["printed"] = String(document.querySelectorAll("[data-entry]").length);
      dataset["hidden"] = String(/\+\d+ more/.test(document.body.innerText));
    };
    addEventListener("afterprint", look, { capture: true });
  });
  await page.pdf({ format: "A4", landscape: true });
  const { printed, hidden } = await page.locator("html").evaluate((node) => ({ ...node.dataset }));
  expect(hidden).toBe("false");
  expect(Number(printed)).toBeGreaterThan(folded);
  await expect(page.locator("[data-entry]")).toHaveCount(folded);
});
