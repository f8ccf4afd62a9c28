import { type Broker, type Claim, type NewJob, newJobId, type QueueCounts } from "@tandemq/core";
import { waitFor } from "../../../../test/support/wait-for.js";

export const queue = "raws";
export const lease = 150;

export function newJob(more: Partial<NewJob> = {}): NewJob {
  return { id: newJobId(), queue, path: "a.task", params: '{"n":1}', priority: 0, due: { after: 0 }, ...more };
}

/** Claims once: what is due now. */
export async function claimNow(broker: Broker, worker: string = "w1", leaseMs: number = lease): Promise<Claim[]> {
  const { claims } = await broker.claim({ queues: [queue], max: 10, lease: leaseMs, worker });
  return [...claims];
}

/** Claims until a job comes, such as one whose lease has to lapse first. */
export function claimOne(broker: Broker, worker: string = "w2", leaseMs: number = 10_000): Promise<Claim> {
  return waitFor("a claim", async () => (await claimNow(broker, worker, leaseMs))[0]);
}

/** Claims, and runs nothing, until no entry is left: leftovers are swept away by being claimed. */
export async function sweep(broker: Broker, live: Broker): Promise<Claim[]> {
  const handedOut: Claim[] = [];
  await waitFor("no entry is left", async () => {
    handedOut.push(...(await claimNow(broker, "w2", 10_000)));
    return handedOut.length > 0 || (await isEmpty(live));
  });
  return handedOut;
}

export async function isEmpty(live: Broker): Promise<boolean> {
  const { queued, started, retry, interrupt } = await countsOf(live);
  return queued + started + retry + interrupt === 0;
}

export async function countsOf(broker: Broker): Promise<QueueCounts> {
  const counts = (await broker.counts([queue])).get(queue);
  if (!counts) throw new Error("no counts");
  return counts;
}

/** Runs a job to its end, so that the broker knows that its store takes writes: it hands out first deliveries at once. */
export async function warm(broker: Broker): Promise<void> {
  const job = newJob({ queue: "warm" });
  await broker.enqueue([job]);
  const { claims } = await broker.claim({ queues: ["warm"], max: 1, lease, worker: "warm" });
  const settlements = claims.map(({ id, queue: name, token }) => ({ id, queue: name, token }));
  await broker.settle(settlements.map((hold) => ({ ...hold, outcome: { status: "success" } })));
}
