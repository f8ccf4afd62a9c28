/**
 * All peers by the name that cases and tables use, loaded when needed: a measured process holds one peer's code only.
 *
 * A peer has `versions()`, `producer(setup)` (add, addMany, answer where it can, close), `worker(setup)` (stop) and
 * `look(setup)`: how many jobs wait and run, how many are done and failed, and how many kept answers are wrong.
 */
const loaders = {
  bullmq: async () => (await import("./bullmq.mjs")).bullmq(),
  "bullmq remove": async () => (await import("./bullmq.mjs")).bullmq({ remove: true }),
  "bee-queue": async () => (await import("./bee-queue.mjs")).beeQueue(),
  agenda: async () => (await import("./agenda.mjs")).agenda(),
  "agenda streams": async () => (await import("./agenda.mjs")).agenda({ streams: true }),
  celery: async () => (await import("./python.mjs")).pythonPeer("celery"),
  rq: async () => (await import("./python.mjs")).pythonPeer("rq"),
  bare: async () => (await import("./bare.mjs")).bare(),
  "no-storage": async () => (await import("./tandemq.mjs")).tandemq("no-storage"),
  raw: async () => (await import("./tandemq.mjs")).tandemq("raw"),
  regular: async () => (await import("./tandemq.mjs")).tandemq("regular"),
};

const inPython = ["celery", "rq"];

export const peerNames = ({ python = false } = {}) =>
  Object.keys(loaders).filter((name) => python || !inPython.includes(name));

export const loadPeer = (name) => loaders[name]();
