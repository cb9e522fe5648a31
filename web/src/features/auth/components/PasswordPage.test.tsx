import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";
import { show } from "../../../test/render";
import { startServer } from "../../../test/server";
import { PasswordPage } from "./PasswordPage";

const PATH = "/api/auth/password";
const NEW = "a tandem in the rain";
let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.stop());

async function change(current: string, next: string) {
  for (const [label, text] of [
    ["Current password", current],
    ["New password", next],
  ] as const) {
    const field = screen.getByLabelText(label);
    await userEvent.clear(field);
    await userEvent.type(field, text);
  }
  await userEvent.click(screen.getByRole("button", { name: "Change the password" }));
}

const refused = (code: string, field: string) => ({
  status: 422,
  headers: { "Content-Type": "application/problem+json" },
  body: { status: 422, title: "Invalid input", code, errors: [{ field, message: "is wrong" }] },
});

test("a password is changed, and nothing of it stays on the page", async () => {
  server = await startServer(() => ({ status: 204 }));
  await show(<PasswordPage />);
  await change("the old one, long", NEW);
  await waitFor(() => expect(screen.getByLabelText("New password")).toHaveValue(""));
  expect(screen.getByLabelText("Current password")).toHaveValue("");
  const [sent] = server.sent("POST", PATH);
  expect(JSON.parse(sent!.body)).toEqual({ current_password: "the old one, long", new_password: NEW });
});

test("what is refused is said at its field, which gets the focus", async () => {
  const answers = [refused("wrong_password", "current_password"), refused("common_password", "new_password")];
  server = await startServer(() => answers.shift() ?? { status: 204 });
  await show(<PasswordPage />);
  await change("not mine at all", NEW);
  const current = await screen.findByLabelText("Current password");
  await waitFor(() => expect(current).toHaveFocus());
  expect(current).toHaveAccessibleDescription("This is not your current password.");
  await change("the old one, long", "passwordpassword");
  const next = screen.getByLabelText("New password");
  await waitFor(() => expect(next).toHaveFocus());
  expect(next).toHaveAccessibleDescription(/Many people have this one/);
  expect(current).toBeValid();
});

test("too many attempts are said above the form", async () => {
  server = await startServer(() => ({ status: 429, body: { status: 429, title: "Too many requests" } }));
  await show(<PasswordPage />, { locale: "de" });
  await userEvent.type(screen.getByLabelText("Bisheriges Passwort"), "the old one, long");
  await userEvent.type(screen.getByLabelText("Neues Passwort"), NEW);
  await userEvent.click(screen.getByRole("button", { name: "Passwort ändern" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Zu viele");
});
