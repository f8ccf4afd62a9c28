/** Says where a job comes from, and what stood around its run. */
export default [
  {
    name: "origin",
    async enqueue(job, next) {
      job.meta.origin ??= job.parent === undefined ? "client" : "run";
      await next();
    },
  },
  {
    async run(job, next) {
      if (job.path !== "context.layered") return next();
      await next().catch((error) => {
        throw new Error(JSON.stringify({ ...JSON.parse(error.message), around: job.meta.origin }));
      });
    },
  },
];
