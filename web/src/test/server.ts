import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Call {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

type Answer = { status?: number; body?: unknown; text?: string; headers?: Record<string, string> };

/** A real local HTTP server that answers as a test says; relative addresses of the application go to it. */
export async function startServer(answer: (call: Call) => Answer) {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    calls.push(call);
    const { status = 200, body, text = "", headers = {} } = answer(call);
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(body === undefined ? text : JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real = globalThis.fetch;
  globalThis.fetch = (input, init) => real(new URL(String(input), base), init);
  return {
    calls,
    /** The bodies of what was sent to a path, in order. */
    sent: (method: string, path: string) =>
      calls.filter((call) => call.method === method && call.path.split("?")[0] === path),
    stop: () => {
      globalThis.fetch = real;
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
