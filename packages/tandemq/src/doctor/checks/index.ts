import type { Check } from "../finding.js";
import { clocks } from "./clocks.js";
import { deadKeys } from "./dead-keys.js";
import { indexes } from "./indexes.js";
import { knownTasks } from "./known-tasks.js";
import { leftoverEntries } from "./leftover-entries.js";
import { malformedEntries } from "./malformed-entries.js";
import { mongoServer } from "./mongo-server.js";
import { orphanedDocuments } from "./orphaned-documents.js";
import { pausedQueues } from "./paused-queues.js";
import { queueModes } from "./queue-modes.js";
import { redisServer } from "./redis-server.js";
import { scripts } from "./scripts.js";
import { servedQueues } from "./served-queues.js";
import { validator } from "./validator.js";

/** Everything that is looked at once the stores answer, in the order in which it is told. */
export const checks: readonly Check[] = [
  mongoServer,
  redisServer,
  clocks,
  indexes,
  validator,
  scripts,
  queueModes,
  servedQueues,
  knownTasks,
  pausedQueues,
  orphanedDocuments,
  leftoverEntries,
  malformedEntries,
  deadKeys,
];
