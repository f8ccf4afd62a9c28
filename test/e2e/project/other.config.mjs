/** Disagrees with tandemq.config.mjs about one queue. */
export default {
  queues: { raw: "no-storage", hits: "no-storage" },
};
