/** The cases of `npm run bench`, in the order in which they run. */
import { actionsCase } from "./actions.mjs";
import { answersCase } from "./answers.mjs";
import { backlogCase } from "./backlog.mjs";
import { bytesCases } from "./bytes.mjs";
import { enqueueCases } from "./enqueue.mjs";
import { idleCase } from "./idle.mjs";
import { pickupCase } from "./pickup.mjs";
import { queueCases } from "./queues.mjs";
import { soakCase } from "./soak.mjs";
import { throughputCases } from "./throughput.mjs";
import { workCases } from "./work.mjs";

const adding = ["bullmq", "bee-queue", "agenda", "no-storage", "regular"];
const waking = ["bullmq", "bee-queue", "agenda streams", "no-storage", "raw", "regular"];

/** `share` of the work of a whole run, `backlog` jobs that wait or are done, `soak` seconds of full load. */
export const fullCases = (size) => [
  ...quickCases(size),
  answersCase(size),
  ...workCases(size),
  ...queueCases(size),
  idleCase(),
  soakCase(size),
];

/** Those that decide most, in little time. */
export const quickCases = (size) => [
  ...throughputCases(size),
  ...enqueueCases({ ...size, peers: adding, alone: size.python ? ["celery", "rq"] : [] }),
  pickupCase({ ...size, peers: waking }),
  backlogCase(size),
  ...bytesCases(size),
];

/** Only when they are named: no figure depends on them. */
export const asideCases = (size) => [actionsCase(size)];
