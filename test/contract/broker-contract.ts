import { afterAll, beforeAll, describe } from "@jest/globals";
import { Stage } from "./stage.js";
import type { Harness, Subject } from "./subject.js";
import { bulkContract } from "./suite/bulk.js";
import { changeContract } from "./suite/change.js";
import { claimContract } from "./suite/claim.js";
import { duplicatesContract } from "./suite/duplicates.js";
import { enqueueContract } from "./suite/enqueue.js";
import { expiryContract } from "./suite/expiry.js";
import { extendContract } from "./suite/extend.js";
import { giveBackContract } from "./suite/give-back.js";
import { histogramContract } from "./suite/histogram.js";
import { keysContract } from "./suite/keys.js";
import { lastingKeysContract } from "./suite/lasting-keys.js";
import { lifoContract } from "./suite/lifo.js";
import { lookContract } from "./suite/look.js";
import { leavingContract } from "./suite/leaving.js";
import { arrivingContract } from "./suite/arriving.js";
import { buryingContract } from "./suite/burying.js";
import { lostContract } from "./suite/lost.js";
import { originContract } from "./suite/origin.js";
import { orderContract } from "./suite/order.js";
import { pauseContract } from "./suite/pause.js";
import { payloadContract } from "./suite/payload.js";
import { progressContract } from "./suite/progress.js";
import { queuesContract } from "./suite/queues.js";
import { racesContract } from "./suite/races.js";
import { retryContract } from "./suite/retry.js";
import { selectContract } from "./suite/select.js";
import { sortedContract } from "./suite/sorted.js";
import { timedContract } from "./suite/timed.js";
import { settleContract } from "./suite/settle.js";
import { wakeContract } from "./suite/wake.js";

const contracts = [
  enqueueContract,
  bulkContract,
  keysContract,
  lastingKeysContract,
  duplicatesContract,
  expiryContract,
  lifoContract,
  sortedContract,
  timedContract,
  claimContract,
  orderContract,
  extendContract,
  settleContract,
  retryContract,
  payloadContract,
  giveBackContract,
  lostContract,
  lookContract,
  histogramContract,
  changeContract,
  leavingContract,
  buryingContract,
  arrivingContract,
  selectContract,
  pauseContract,
  originContract,
  progressContract,
  wakeContract,
  queuesContract,
  racesContract,
];

/** Every promise of the `Broker` port, as tests. One store serves them all; each test has a queue of its own. */
export function brokerContract(subject: Subject): void {
  describe(`the contract of brokers: ${subject.name}`, () => {
    let harness: Harness;
    beforeAll(async () => {
      harness = await subject.open();
    });
    afterAll(() => harness.close());
    const skipped: readonly unknown[] = subject.kinds ? [] : [sortedContract, timedContract];
    for (const contract of contracts.filter((one) => !skipped.includes(one)))
      contract((shape?: string) => new Stage(subject, harness, shape));
  });
}
