import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { createClient } from "tandemq";
import { Site } from "../e2e/support/site.js";
import { waitFor } from "../support/wait-for.js";

const folder = fileURLToPath(new URL("../../examples/sentry/", import.meta.url));

interface SentryEvent {
  readonly exception?: { readonly values: readonly { readonly type: string; readonly value: string }[] };
  readonly tags?: Readonly<Record<string, unknown>>;
  readonly contexts?: { readonly trace?: { readonly trace_id: string } };
}

test("the recipe for Sentry reports a failed run with its job, in the trace of its enqueueing", async () => {
  const events: SentryEvent[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      events.push(...eventsOf(body));
      response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await using site = new Site(folder);
  const worker = site.start(["worker", "--processes", "1"], { SENTRY_DSN: `http://key@127.0.0.1:${port}/1` });
  await waitFor("the worker is ready", async () => worker.says("the worker is ready"));
  await using client = await createClient(
    { mongo: site.mongo, prefix: site.name, queues: { default: "regular" } },
    { env: {} },
  );
  const trace = "12345678901234567890123456789012";
  const meta = { "sentry-trace": `${trace}-1234567890123456-1` };
  const { id } = await client.enqueue("charge", { card: "4000" }, { meta });
  const failed = (event: SentryEvent) => event.exception?.values[0]?.type === "RangeError";
  const event = await waitFor("the report", async () => events.find(failed));
  expect(event.exception?.values[0]?.value).toBe("the card 4000 was refused");
  expect(event.tags).toMatchObject({ task: "charge", queue: "default", job: id, attempt: 1 });
  expect(event.contexts?.trace?.trace_id).toBe(trace);
  server.closeAllConnections();
  server.close();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.headers["content-encoding"] !== "gzip") return text(request);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return gunzipSync(Buffer.concat(chunks)).toString();
}

/** An envelope is lines of JSON; those that are no event are left out. */
function eventsOf(envelope: string): SentryEvent[] {
  return envelope.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as SentryEvent];
    } catch {
      return [];
    }
  });
}
