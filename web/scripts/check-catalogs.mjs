// Fails when a text of the source is missing in a catalog, or a catalog has an untranslated one.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const LOCALES = ["en", "de", "es"];
const path = (locale) => new URL(`../src/locales/${locale}.po`, import.meta.url);
const before = LOCALES.map((locale) => readFileSync(path(locale), "utf8"));
execFileSync("npx", ["--no", "lingui", "extract", "--clean"], { stdio: ["ignore", "ignore", "inherit"] });

let failed = false;
LOCALES.forEach((locale, at) => {
  const after = readFileSync(path(locale), "utf8");
  const missing = after.match(/\nmsgstr ""\n(?!")/g)?.length ?? 0;
  if (after !== before[at]) {
    console.error(`${locale}.po is not up to date: run npm run extract`);
    writeFileSync(path(locale), before[at]);
    failed = true;
  }
  if (missing) {
    console.error(`${locale}.po: ${missing} texts are not translated`);
    failed = true;
  }
});
process.exit(failed ? 1 : 0);
