import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

const SRC = join(process.cwd(), "src");
const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))
  .filter((path) => !path.startsWith("api/generated"));
const text = (path: string) => readFileSync(join(SRC, path), "utf8");

test("no feature imports another", () => {
  const crossing = files
    .filter((path) => path.startsWith("features/"))
    .filter((path) => {
      const own = path.split("/")[1];
      const others = [
        ...text(path).matchAll(
          /from "(?:\.\.\/)+(?:features\/)?(auth|calendar|schedules|logs|notifications|things|admin)\//g,
        ),
      ];
      return others.some(([, name]) => name !== own);
    });
  expect(crossing).toEqual([]);
});

test("lib and ui know nothing of features", () => {
  const wrong = files.filter(
    (path) => /^(lib|ui)\//.test(path) && /from ".*features\/[a-z]+\//.test(text(path)),
  );
  expect(wrong).toEqual([]);
});

test("a role is looked at in one place", () => {
  const elsewhere = files.filter((path) => path !== "lib/policy.ts" && !path.includes(".test."));
  expect(elsewhere.filter((path) => /\brole [!=]== /.test(text(path)))).toEqual([]);
});
