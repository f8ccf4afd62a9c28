import * as Sentry from "@sentry/node";

Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1 });

/** Reports every failed run, with its job; the trace travels in the job's meta. */
export default {
  name: "sentry",

  async enqueue(job, next) {
    const { "sentry-trace": trace, baggage } = Sentry.getTraceData();
    if (trace) job.meta["sentry-trace"] = trace;
    if (baggage && baggage.length <= 1000) job.meta.baggage = baggage;
    await next();
  },

  run(job, next) {
    const { "sentry-trace": sentryTrace, baggage } = job.meta;
    return Sentry.withIsolationScope((scope) => {
      scope.setTags({ task: job.path, queue: job.queue, job: job.id, attempt: job.attempt });
      return Sentry.continueTrace({ sentryTrace, baggage }, () =>
        Sentry.startSpan({ name: `run ${job.path}`, op: "queue.process" }, async () => {
          try {
            return await next();
          } catch (error) {
            // Thrown by job.retry(), job.snooze() and job.abort(): no mistake of anybody's.
            if (error?.code !== "RUN_ENDED") Sentry.captureException(error);
            await Sentry.flush(2000);
            throw error;
          }
        }),
      );
    });
  },
};
