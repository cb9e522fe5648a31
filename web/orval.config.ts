import { defineConfig, type InputOptions } from "orval";

/** Names come from the method and the path, so that a renamed Python function never renames the client. */
function nameFromPath(_operation: unknown, route: string, verb: string): string {
  const words = route
    .split("/")
    .filter((part) => part && part !== "api")
    .map((part) => (/[{}$:]/.test(part) ? "by-id" : part))
    .flatMap((part) => part.split(/[^a-zA-Z0-9]+/))
    .filter(Boolean);
  return verb + words.map((word) => word[0].toUpperCase() + word.slice(1)).join("");
}

const GENERATED = "./src/api/generated";

function client(input: InputOptions, folder: string) {
  return {
    input,
    output: {
      target: `${folder}/client.ts`,
      schemas: `${folder}/model`,
      client: "fetch" as const,
      mode: "single" as const,
      clean: true,
      indexFiles: true,
      override: {
        operationName: nameFromPath,
        fetch: { includeHttpResponseReturnType: false },
        mutator: { path: "./src/lib/http.ts", name: "http" },
      },
    },
  };
}

export default defineConfig({
  client: client({ target: "./openapi.api.json" }, GENERATED),
  // A service of its own has a document of its own; what only programs call is left out.
  notifications: client(
    { target: "./openapi.notifications.json", filters: { tags: ["notifications"] } },
    `${GENERATED}/notifications`,
  ),
  schemas: {
    input: "./openapi.api.json",
    output: {
      target: `${GENERATED}/schemas.ts`,
      client: "zod",
      mode: "single",
      override: {
        operationName: nameFromPath,
        zod: { generate: { param: false, query: false, header: false, response: false, body: true } },
      },
    },
  },
});
