import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Broker, isFinal, type QueueMode, queueModes } from "@tandemq/core";
import * as fc from "fast-check";
import { type Story, stories } from "../../../../test/support/moving/story.js";
import { World } from "../../../../test/support/moving/world.js";
import { NoStorageBroker } from "../../src/modes/no-storage/no-storage-broker.js";
import { RawBroker } from "../../src/modes/raw/raw-broker.js";
import { type ModeStores, openRawStores } from "../support/raw-stores.js";

/** Set to the seed of a failed run to run it again. */
const seed = Number(process.env["TANDEMQ_TEST_SEED"] ?? Date.now() % 0x7fffffff);
const numRuns = Number(process.env["TANDEMQ_TEST_RUNS"] ?? 120);
/** Stories that are told at the same time. */
const atOnce = 15;

let stores: ModeStores;
let brokers: Readonly<Record<QueueMode, Broker>>;
beforeAll(async () => {
  stores = await openRawStores();
  const { mongo, redis } = stores;
  const store = mongo.store();
  const live = redis.broker({ countFinished: true, handsOutExpired: true });
  const keeping = redis.broker({ countFinished: true, handsOutExpired: true, keepFailures: true });
  brokers = {
    regular: mongo.broker(),
    raw: new RawBroker(redis.broker({ handsOutExpired: true }), store),
    "no-storage": new NoStorageBroker({ live, keeping, store }),
  };
});
afterAll(async () => {
  await stores[Symbol.asyncDispose]();
});

type Modes = readonly [QueueMode, QueueMode, QueueMode];

const mode = fc.constantFrom(...queueModes);
const asItIs = (_: string, call: () => Promise<unknown>) => call();

/** What is wrong in the end: one life of the job, or what became of it, is all that may be left. */
async function tell(story: Story, modes: Modes): Promise<string[]> {
  const world = new World([brokers[modes[0]], brokers[modes[1]], brokers[modes[2]]], story, 600_000);
  await world.begin();
  for (const round of story.rounds) await Promise.all(round.map((act) => world.act(act, asItIs)));
  const faults: string[] = [];
  if (world.ends.length === 0 && !(await world.look()).some(Boolean)) faults.push("it is lost");
  while (await world.drain());
  const left = (await world.look()).filter((job) => job !== undefined);
  if (left.length > 1) faults.push(`it is in ${left.length} places`);
  if (left.length === 0 && world.ends.length === 0) faults.push("it was lost");
  if (new Set(world.ends).size < world.ends.length) faults.push(`a life ended twice: ${world.ends.join()}`);
  if (left.some((job) => !isFinal(job.status))) faults.push(`it is not due: ${JSON.stringify(left)}`);
  const free = await world.freeKeys();
  if (free.includes(false)) faults.push(`its key is held: ${free.join()}`);
  return faults;
}

test(`whatever several do at once to a job in any modes, it lives once (TANDEMQ_TEST_SEED=${seed})`, async () => {
  const one = fc.tuple(stories(false), fc.tuple(mode, mode, mode));
  const property = fc.asyncProperty(fc.array(one, { minLength: atOnce, maxLength: atOnce }), async (told) => {
    const faults = await Promise.all(told.map(([story, modes]) => tell(story, modes)));
    const wrong = told.flatMap((story, i) => (faults[i]?.length ? JSON.stringify([story, faults[i]]) : []));
    expect(wrong).toEqual([]);
  });
  await fc.assert(property, { seed, numRuns: Math.ceil(numRuns / atOnce), endOnFailure: true });
});
