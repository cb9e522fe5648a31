import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { settled } from "./steps";

// The rules that ask what colours are: the others find the same in the dark.
const OF_COLOUR = ["color-contrast", "link-in-text-block"];

/** Lets axe look at the page in light, and at its colours in the dark. */
export async function expectAccessible(page: Page, what: string, still = true) {
  if (still) await settled(page);
  expect.soft(await violations(page), what).toEqual([]);
  await turn(page, "dark");
  expect.soft(await violations(page, OF_COLOUR), `${what}, dark`).toEqual([]);
  await turn(page, "light");
}

async function violations(page: Page, rules?: string[]) {
  // The other mode opens a page for each look, for the sake of frames from elsewhere; there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const found = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.violations.map(
    ({ id, nodes }) => `${id}, ${nodes.length} times, first ${nodes[0]!.html.slice(0, 200)}`,
  );
}

const BACKGROUNDS = { light: "rgb(245, 247, 246)", dark: "rgb(19, 23, 21)" };

async function turn(page: Page, colorScheme: "light" | "dark") {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
  // Colours that fade from one to the other are neither.
  await page.evaluate(() =>
    Promise.allSettled(
      document.getAnimations().flatMap((one) => (one instanceof CSSTransition ? [one.finished] : [])),
    ),
  );
  // What is asked for is not yet what is painted.
  await expect(page.locator("body")).toHaveCSS("background-color", BACKGROUNDS[colorScheme]);
}
