// Fails when the generated client is not what the OpenAPI documents make of it.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = new URL("../src/api/generated", import.meta.url).pathname;

function contents() {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return paths.map((path) => `${path}\n${readFileSync(path, "utf8")}`).join("\n");
}

const before = contents();
execFileSync("npx", ["--no", "orval"], { stdio: ["ignore", "ignore", "inherit"] });
if (contents() !== before) {
  console.error("The generated client was old. It is new now: look at it and commit it.");
  process.exit(1);
}
