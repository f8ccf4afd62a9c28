import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { trace } from "@opentelemetry/api";
import { createClient } from "tandemq";
import { modes, Site } from "../e2e/support/site.js";
import { waitFor } from "../support/wait-for.js";

const folder = fileURLToPath(new URL("opentelemetry", import.meta.url));

/** What a run told of its span. */
interface Told {
  readonly path: string;
  readonly queue: string;
  readonly trace: string;
  readonly span: string;
  /** The span above the run's. */
  readonly above: string;
  /** The header that came with the job. */
  readonly sent: string;
}

test.each([0, 1])(
  "the recipe for OpenTelemetry links enqueue, run and sub-job in each mode, --processes %i",
  async (processes) => {
    await using site = new Site(folder);
    await using client = await createClient(undefined, { cwd: folder, env: site.env });
    await site.worker("--processes", `${processes}`);
    const traces = new Map<string, string>();
    for (const mode of modes) {
      await trace.getTracer("shop").startActiveSpan("POST /orders", async (request) => {
        await client.enqueue("orders.ship", {}, { queue: mode });
        traces.set(mode, request.spanContext().traceId);
        request.end();
      });
    }
    const lines = await waitFor("all have run", async () => site.story().length === 2 * modes.length && site.story());
    const told = lines.map((line) => JSON.parse(line) as Told);
    for (const mode of modes) {
      const runs = told.filter(({ queue }) => queue === mode);
      expect(runs.map(({ path }) => path)).toEqual(["orders.ship", "orders.tell"]);
      for (const run of runs) {
        expect(run.trace).toBe(traces.get(mode));
        expect(run.sent).toBe(`00-${run.trace}-${run.above}-01`);
      }
    }
    expect(new Set(told.flatMap(({ span, above }) => [span, above])).size).toBe(4 * modes.length);
  },
);
