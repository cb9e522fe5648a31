import { afterEach, expect, test } from "vitest";
import { person } from "../test/render";
import { startServer } from "../test/server";
import { http } from "./http";
import { ApiError, OfflineError } from "./problem";
import { getSession, signedIn, signedOut } from "./session";

let stop: () => Promise<unknown> = async () => undefined;
afterEach(async () => {
  signedOut();
  await stop();
});

test("three requests with an old token renew it once and go on with the same keys", async () => {
  const server = await startServer(({ path, headers }) => {
    if (path === "/api/auth/refresh") return { body: { access_token: "new", user: person("admin") } };
    return headers.authorization === "Bearer new" ? { body: { ok: true } } : { status: 401, body: {} };
  });
  stop = server.stop;
  signedIn("old", person("admin"));
  const answers = await Promise.all([1, 2, 3].map(() => http("/api/things", { method: "POST", body: "{}" })));
  expect(answers).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
  expect(server.calls.filter(({ path }) => path === "/api/auth/refresh")).toHaveLength(1);
  const keys = server.calls
    .filter(({ path }) => path === "/api/things")
    .map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size).toBe(3);
});

test("when the cookie is gone too, the request waits for a sign-in", async () => {
  const server = await startServer(({ path, headers }) =>
    path !== "/api/auth/refresh" && headers.authorization === "Bearer again"
      ? { body: 1 }
      : { status: 401, body: {} },
  );
  stop = server.stop;
  signedIn("old", person("admin"));
  const answer = http("/api/things");
  await expect.poll(() => getSession().status).toBe("expired");
  signedIn("again", person("admin"));
  expect(await answer).toBe(1);
});

test("a problem keeps its code and its fields", async () => {
  const body = {
    title: "Bad",
    detail: "Look here",
    code: "invalid",
    errors: [{ field: "name", message: "missing" }],
  };
  const server = await startServer(() => ({ status: 422, body, headers: { "Retry-After": "7" } }));
  stop = server.stop;
  const error = await http("/api/things").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).problem).toMatchObject({ ...body, status: 422 });
  expect((error as ApiError).retryAfter).toBe(7);
});

test("no connection is told apart from a refusal", async () => {
  const server = await startServer(() => ({}));
  await server.stop();
  globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
  await expect(http("/api/things")).rejects.toBeInstanceOf(OfflineError);
});
