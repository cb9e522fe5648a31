import { expect, test } from "@playwright/test";
import { makePlan, openFirst, signIn, tokenOf } from "./steps";

test("a member reads what concerns the own things and changes nothing", async ({ page }) => {
  await signIn(page, "member");
  await expect(page.getByRole("link", { name: "New plan" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Admin" })).toHaveCount(0);
  await page.getByRole("link", { name: "Plans" }).click();
  await openFirst(page);
  await expect(page.getByRole("link", { name: "Log work" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await page.goto("/logs");
  await expect(page.getByRole("button", { name: /Details of/ }).first()).toBeVisible();
  for (const closed of ["/admin", "/schedules/new", "/logs/new"]) {
    await page.goto(closed);
    await expect(page.getByRole("heading", { name: "Nothing is here" })).toBeVisible();
  }
});

test("a member registers, renames and deletes a thing of their own, and sees no other's there", async ({
  page,
  request,
}) => {
  const headers = { Authorization: `Bearer ${await tokenOf(request, "member")}` };
  const get = async (path: string) => (await request.get(path, { headers })).json();
  const { id } = await get("/api/auth/me");
  const { items } = (await get("/api/resources?limit=200")) as {
    items: { name: string; owner_id: string | null }[];
  };
  const own = items.filter((thing) => thing.owner_id === id);
  const others = items.find((thing) => thing.owner_id !== id)!;
  await signIn(page, "member");
  await page.getByRole("link", { name: "My things" }).click();
  const edits = page.getByRole("button", { name: /^Edit / });
  await expect(edits).toHaveCount(own.length);
  await page.getByRole("searchbox", { name: "Search" }).fill(others.name);
  await expect(page.getByText("No things found")).toBeVisible();

  const name = `Tandem ${Date.now()}`;
  await page.getByRole("searchbox", { name: "Search" }).fill("Tandem");
  await page.getByRole("button", { name: "Register a thing" }).click();
  await expect(page.getByRole("combobox", { name: "Owner" })).toHaveCount(0);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Description" }).fill("For two");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name })).toContainText("For two");

  await page.getByRole("button", { name: `Edit ${name}` }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(`${name} of old`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: `Edit ${name} of old` }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Keep it" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue(`${name} of old`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the thing" }).click();
  await expect(page.getByRole("row", { name })).toHaveCount(0);
  expect((await get(`/api/resources?q=${name}`)).items).toEqual([]);
});

test("a coordinator sees the own plans only", async ({ page, request }) => {
  const { id } = await makePlan(request, "somebody else's");
  await signIn(page, "coordinator");
  await page.goto("/schedules");
  await openFirst(page);
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await page.goto(`/schedules/${id}`);
  await expect(page.getByRole("heading", { name: "Nothing is here" })).toBeVisible();
});

test("a week's days are headed by weekday and day, once", async ({ page }) => {
  await signIn(page, "member");
  await page.goto("/calendar?view=week");
  const heads = page.getByRole("columnheader");
  await expect(heads).toHaveCount(7);
  // The whole date, which is for screen readers, then what is seen.
  for (const text of await heads.allInnerTexts()) expect(text).toMatch(/^(\d+) \w+ \d+\s+[A-Z][a-z]{2} \1$/);
});

test("a person chooses how to be told", async ({ page }) => {
  await signIn(page, "member");
  await page.goto("/notifications/preferences");
  await page.getByText("Hold email and text messages back").click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your preferences are saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: /Hold email/ })).toBeChecked();
  await page.getByText("Hold email and text messages back").click();
  await page.getByRole("button", { name: "Save" }).click();
});
