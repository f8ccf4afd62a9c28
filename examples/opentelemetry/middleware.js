import "./tracing.js";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("tandemq");

/** A span around every enqueue and every run. The trace travels in the job's meta. */
export default {
  name: "opentelemetry",

  enqueue(job, next) {
    return tracer.startActiveSpan(`enqueue ${job.path}`, { kind: SpanKind.PRODUCER }, (span) => {
      propagation.inject(context.active(), job.meta);
      return inSpan(span, job, next);
    });
  },

  run(job, next) {
    const sender = propagation.extract(context.active(), job.meta);
    return tracer.startActiveSpan(`run ${job.path}`, { kind: SpanKind.CONSUMER }, sender, (span) =>
      inSpan(span, job, next),
    );
  },
};

async function inSpan(span, job, next) {
  span.setAttributes({
    "messaging.system": "tandemq",
    "messaging.destination.name": job.queue,
    "messaging.message.id": job.id,
  });
  try {
    return await next();
  } catch (error) {
    // job.retry(), job.snooze() and job.abort() throw to leave the task: that is no error.
    if (error?.code !== "RUN_ENDED") {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error?.message });
    }
    throw error;
  } finally {
    span.end();
  }
}
