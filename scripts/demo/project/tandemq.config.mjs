/** The demo's deployment: one queue of each mode. The URLs come from TANDEMQ_MONGO and TANDEMQ_REDIS. */
export default {
  tasks: ["tasks/*.mjs"],
  worker: { heartbeat: "1s" },
  queues: { "demo-regular": "regular", "demo-raw": "raw", "demo-no-storage": "no-storage" },
};
