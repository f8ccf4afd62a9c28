import { appendFileSync } from "node:fs";
import { trace } from "@opentelemetry/api";
import { defineTask } from "tandemq";

/** Tells the span of the run, the one above it, and the one that sent the job. */
function tell({ path, queue, meta }) {
  const span = trace.getActiveSpan();
  const { traceId, spanId } = span.spanContext();
  const line = {
    path,
    queue,
    trace: traceId,
    span: spanId,
    above: span.parentSpanContext?.spanId,
    sent: meta.traceparent,
  };
  appendFileSync(process.env.E2E_STORY, `${JSON.stringify(line)}\n`);
}

export const ship = defineTask("orders.ship", async (_params, job) => {
  tell(job);
  await job.enqueue("orders.tell", {}, { queue: job.queue });
});

export const told = defineTask("orders.tell", (_params, job) => tell(job));
