import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./axe";
import { complaintsOf, makePlan, openFirst, PNG, pointAt, signIn, type Role } from "./steps";

test.describe.configure({ mode: "parallel" });

const EVERYBODYS = [
  "/calendar?view=month",
  "/calendar?view=week",
  "/calendar?view=agenda",
  "/schedules",
  "/logs",
  "/notifications",
  "/notifications?unread=true",
  "/notifications/preferences",
  "/password",
  "/nowhere",
];
const SCREENS: Record<Role, string[]> = {
  member: [...EVERYBODYS, "/things"],
  coordinator: [...EVERYBODYS, "/things", "/logs/new"],
  admin: [
    ...EVERYBODYS,
    "/logs/new",
    "/schedules/new",
    "/schedules?deleted=true",
    ...["overview", "deliveries", "users", "resources", "outbox", "audit"].map((tab) => `/admin?tab=${tab}`),
  ],
};

async function open(page: Page, screen: string) {
  await page.goto(screen);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

/** Opens what lies over a page, looks at it, and closes it again. */
async function over(page: Page, what: string, opened: () => Promise<unknown>) {
  await opened();
  await expectAccessible(page, what);
  await page.keyboard.press("Escape");
  // What is closed fades; until it is gone, the next that opens would be the second of its kind.
  await expect(page.getByRole("dialog").or(page.getByRole("listbox"))).toHaveCount(0);
}

test.use({ colorScheme: "light", contextOptions: { reducedMotion: "reduce" } });
test.setTimeout(240_000);

test("sign-in, and what it refuses", async ({ page }) => {
  await open(page, "/sign-in");
  await expectAccessible(page, "sign-in");
  await page.getByRole("textbox", { name: "Email" }).fill("nobody@communityshare.example");
  await page.getByRole("textbox", { name: "Password" }).fill("wrong-password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expectAccessible(page, "a refused sign-in");
});

for (const role of ["admin", "coordinator", "member"] as const) {
  test(`every screen of the ${role}`, async ({ page }) => {
    const complaints = complaintsOf(page);
    await signIn(page, role);
    for (const screen of SCREENS[role]) {
      await open(page, screen);
      await expectAccessible(page, screen);
    }
    await page.goto("/schedules");
    await openFirst(page);
    await expectAccessible(page, "a plan");
    await page.goto("/logs");
    await page
      .getByRole("button", { name: /Details of/ })
      .first()
      .click();
    await expectAccessible(page, "an opened record");
    expect(complaints, "the browser's console").toEqual([]);
  });
}

test("what lies over the calendar", async ({ page }) => {
  await signIn(page, "admin");
  await open(page, "/calendar?view=month");
  const entry = page.locator("[data-entry]").first();
  await over(page, "hover card", () => pointAt(page, entry));
  const more = page.getByRole("button", { name: /more/ }).first();
  await over(page, "more of a day", async () => {
    await more.click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
  await open(page, "/calendar?view=agenda&status=overdue");
  for (const name of ["Thing", "Kind of work", "Person", "State"])
    await over(page, `filter ${name}`, async () => {
      await page.getByRole("combobox", { name }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
    });
  await over(page, "account menu", async () => {
    await page.getByRole("button", { name: /Account of/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
});

test("what lies over a plan", async ({ page, request }) => {
  const { id } = await makePlan(request, "overlays");
  await signIn(page, "admin");
  await open(page, `/schedules/${id}`);
  await over(page, "delete?", async () => {
    await page.getByRole("button", { name: "Delete" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
  await open(page, `/schedules/${id}/edit`);
  for (const name of ["Kind of work", "How often", "Assigned to"])
    await over(page, `field ${name}`, async () => {
      await page.getByRole("combobox", { name }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
    });
  await over(page, "date picker", async () => {
    await page.getByRole("button", { name: /First due/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
  await page.getByRole("textbox", { name: "What to do" }).fill("Changed");
  await page.getByRole("link", { name: "Calendar" }).click();
  await expect(page.getByRole("dialog", { name: "Leave without saving?" })).toBeVisible();
  await expectAccessible(page, "leave?");
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The plan is changed.")).toBeVisible();
  await expectAccessible(page, "a notice");
});

test("what lies over the work log", async ({ page, request }) => {
  const { id } = await makePlan(request, "gallery", "coordinator");
  await signIn(page, "coordinator");
  await open(page, `/schedules/${id}/log`);
  await page.getByLabel("Photos").setInputFiles({ name: "a.png", mimeType: "image/png", buffer: PNG });
  await page.getByRole("button", { name: "At another time" }).click();
  await expectAccessible(page, "the form with a photo");
  await page.getByRole("button", { name: "Mark as done" }).click();
  await over(page, "gallery", async () => {
    await page.getByRole("button", { name: "Open photo 1 of 1" }).click();
    await expect(page.getByRole("img", { name: "Photo 1 of 1" })).toBeVisible();
  });
});

test("what lies over the records of an admin", async ({ page }) => {
  await signIn(page, "admin");
  await open(page, "/logs");
  for (const name of ["Thing", "Done by", "Issues"])
    await over(page, `filter ${name}`, async () => {
      await page.getByRole("combobox", { name }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
    });
  for (const name of ["From", "Until"])
    await over(page, `filter ${name}`, async () => {
      await page.getByRole("button", { name, exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    });
  await page
    .getByRole("button", { name: /Details of/ })
    .first()
    .click();
  for (const name of ["Amend", "Declare void"])
    await over(page, name, async () => {
      await page.getByRole("button", { name, exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    });
});

test("what lies over the admin panel and the preferences", async ({ page }) => {
  await signIn(page, "admin");
  const dialogs = [
    ["/admin?tab=users", /^Add a person/],
    ["/admin?tab=users", /^Edit /],
    ["/admin?tab=resources", /^Register a thing/],
    ["/admin?tab=resources", /^Edit /],
    ["/admin?tab=outbox", "Read"],
  ] as const;
  for (const [screen, name] of dialogs) {
    await open(page, screen);
    await over(page, `${screen}, ${name}`, async () => {
      await page.getByRole("button", { name }).first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
    });
  }
  await open(page, "/admin?tab=deliveries");
  await over(page, "states of a delivery", () => page.getByRole("combobox", { name: "State" }).click());
  await open(page, "/notifications/preferences");
  await over(page, "time zones", () => page.getByRole("combobox", { name: "Your time zone" }).click());
});

test("what lies over the things of a member", async ({ page }) => {
  await signIn(page, "member");
  await open(page, "/things");
  await over(page, "register a thing", async () => {
    await page.getByRole("button", { name: "Register a thing" }).click();
    await expect(page.getByRole("dialog", { name: "Register a thing" })).toBeVisible();
  });
  await page
    .getByRole("button", { name: /^Edit / })
    .first()
    .click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("dialog", { name: /^Delete / })).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep it" })).toBeFocused();
  await expectAccessible(page, "delete a thing?");
});

test("an ended session", async ({ page, request }) => {
  await signIn(page, "admin");
  const seen = page.waitForRequest((one) => !!one.headers().authorization);
  await open(page, "/schedules");
  const { authorization } = (await seen).headers();
  await request.post("/api/auth/logout", { headers: { Authorization: authorization! } });
  await page.getByRole("link", { name: "Work log" }).click();
  await expect(page.getByRole("dialog", { name: "Your session has ended" })).toBeVisible();
  await expectAccessible(page, "session ended", false);
});

test("the phone's screens", async ({ page, request }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { id } = await makePlan(request, "phone check", "coordinator");
  await signIn(page, "coordinator");
  const screens = [...SCREENS.coordinator, `/schedules/${id}`, `/schedules/${id}/log`];
  for (const screen of screens) {
    await open(page, screen);
    await expectAccessible(page, screen);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(wide, `${screen} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await expect(page.getByRole("link", { name: "Plans" })).toBeVisible();
  await expectAccessible(page, "the opened menu");
});

test("on the narrowest phone every tab and cell of the admin panel is within the screen", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 740 });
  await signIn(page, "admin");
  for (const screen of SCREENS.admin.filter((one) => one.startsWith("/admin"))) {
    await open(page, screen);
    await expectAccessible(page, screen);
    await expect(page.getByRole("row").nth(1)).toBeVisible();
    const outside = await page
      .locator("[role=tab], [role=cell]")
      .evaluateAll((parts) => parts.filter((part) => part.getBoundingClientRect().right > innerWidth).length);
    expect.soft(outside, screen).toBe(0);
  }
});
