import { trace } from "@opentelemetry/api";
import { createClient } from "tandemq";
import { ship } from "./tasks/orders.js";

const client = await createClient();
const tracer = trace.getTracer("shop");

await tracer.startActiveSpan("POST /orders", async (request) => {
  const { traceId } = request.spanContext();
  const job = await client.enqueue(ship, { order: 7 });
  const { trace: run, letter } = await job.result({ timeout: "20s" });
  const below = await (await client.handle(letter)).result({ timeout: "20s" });
  console.log("the run belongs to the trace of the request:", run === traceId);
  console.log("so does the run of the job that it enqueued:", below.trace === traceId);
  request.end();
});

await client.close();
