import { defineConfig } from "orval";

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

export default defineConfig({
  client: {
    input: "./openapi.json",
    output: {
      target: "./src/api/generated/client.ts",
      schemas: "./src/api/generated/model",
      client: "fetch",
      mode: "single",
      clean: true,
      indexFiles: true,
      override: {
        operationName: nameFromPath,
        fetch: { includeHttpResponseReturnType: false },
        mutator: { path: "./src/lib/http.ts", name: "http" },
      },
    },
  },
  schemas: {
    input: "./openapi.json",
    output: {
      target: "./src/api/generated/schemas.ts",
      client: "zod",
      mode: "single",
      override: {
        operationName: nameFromPath,
        zod: { generate: { param: false, query: false, header: false, response: false, body: true } },
      },
    },
  },
});
