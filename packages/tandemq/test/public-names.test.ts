import { expect, test } from "@jest/globals";
import * as tandemq from "tandemq";

/** What programs may import by value. A name that goes, or comes, is a change for users: it belongs into the changelog. */
const names = [
  ...["createClient", "createDeployment", "createWorker", "runTask", "loadConfig", "Client"],
  ...["defineTask", "defineBatchTask", "isTask", "currentJob", "rateLimit"],
  ...["createMemoryDeployment", "MemoryBroker"],
  ...["statuses", "liveStatuses", "finalStatuses", "deadStatuses", "transitions", "isFinal", "isLive"],
  ...["newJobId", "isJobId", "minPriority", "maxPriority", "queueModes", "queueKinds", "jobLogLevels", "toJobError"],
  ...["TandemQError", "ConfigError", "BrokerUnavailableError", "StoreRefusedError", "MalformedJobError"],
  ...["MalformedEntryError", "InvalidParamsError", "InvalidResultError", "InvalidOptionError", "TaskNotFoundError"],
  ...["TaskLoadError", "JobTimeoutError", "JobExpiredError", "JobAbortedError", "RunEndedError", "WorkerLostError"],
  ...["EntryLostError", "CodecError", "QueueMismatchError", "QueueUnknownError", "ResultNotStoredError"],
  ...["JobNotFoundError", "JobFailedError", "ResultTimeoutError", "NotIdleError", "NotSupportedError", "ClosedError"],
];

test("tandemq exports the names that its API page lists, and none of the inside", () => {
  expect(Object.keys(tandemq).sort()).toEqual(names.sort());
});
