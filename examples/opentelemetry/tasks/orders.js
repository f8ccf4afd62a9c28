import { trace } from "@opentelemetry/api";
import { defineTask } from "tandemq";

const traceId = () => trace.getActiveSpan()?.spanContext().traceId;

export const ship = defineTask("orders.ship", async ({ order }, job) => {
  const letter = await job.enqueue(tell, { order });
  return { trace: traceId(), letter };
});

export const tell = defineTask("orders.tell", async () => ({ trace: traceId() }));
