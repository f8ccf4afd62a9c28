/** The deployment under fault: queues of every mode. The URLs come from TANDEMQ_MONGO and TANDEMQ_REDIS. */
export default {
  tasks: ["tasks/*.mjs"],
  queues: { "regular/*": "regular", "raw/*": "raw", "no-storage/*": "no-storage" },
};
