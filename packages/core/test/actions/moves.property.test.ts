import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { type Story, stories } from "../../../../test/support/moving/story.js";
import type { Around } from "../../../../test/support/moving/through.js";
import { World } from "../../../../test/support/moving/world.js";
import { isFinal, MemoryBroker } from "../../src/index.js";

/** Set to the seed of a failed run to run it again. */
const seed = Number(process.env["TANDEMQ_TEST_SEED"] ?? Date.now() % 0x7fffffff);
const numRuns = Number(process.env["TANDEMQ_TEST_RUNS"] ?? 600);
const minutes = 60_000;

type Brokers = [MemoryBroker, MemoryBroker, MemoryBroker];

interface Told {
  readonly world: World;
  /** The time goes on by more than any mover's. */
  readonly wait: () => void;
}

/** Tells the story to brokers in memory, two or three of them, whose calls come in an order that fast-check chooses. */
async function tell(story: Story, keeps: "all" | "failures", s: fc.Scheduler, three: boolean): Promise<Told> {
  let time = 1_000_000;
  const now = () => time;
  const [first, second, third] = [1, 2, 3].map(() => new MemoryBroker({ now, keeps })) as Brokers;
  const world = new World([first, second, three ? third : first], story, 10 * minutes);
  await world.begin();
  const inTurn: Around = async (method, call) => {
    await s.schedule(Promise.resolve(), method);
    return call();
  };
  for (const round of story.rounds) await s.waitFor(Promise.all(round.map((act) => world.act(act, inTurn))));
  return { world, wait: () => (time += 11 * minutes) };
}

/** Runs all there is, and then nothing is left, nor held. */
async function runOut({ world, wait }: Told): Promise<void> {
  wait();
  while (await world.drain());
  const left = await world.look();
  expect(left.filter((job) => job && !isFinal(job.status))).toEqual([]);
  expect(await world.freeKeys()).toEqual([true, true, true]);
}

test.each(["all", "failures"] as const)(
  `whatever several do to a job at once, it lives once (keeps %s, TANDEMQ_TEST_SEED=${seed})`,
  async (keeps) => {
    const property = fc.asyncProperty(stories(false), fc.scheduler(), fc.boolean(), async (story, s, three) => {
      const { world, wait } = await tell(story, keeps, s, three);
      const found = (await world.look()).filter((job) => job !== undefined);
      expect(found.length + (keeps === "all" || world.ends.length === 0 ? 0 : 1)).toBeGreaterThanOrEqual(1);
      expect(found.length).toBeLessThanOrEqual(1);
      expect(new Set(world.ends).size).toBe(world.ends.length);
      await runOut({ world, wait });
      expect(new Set(world.ends).size).toBe(world.ends.length);
    });
    await fc.assert(property, { seed, numRuns });
  },
);

test(`no death of a mover loses a job, or leaves it where it is never due (TANDEMQ_TEST_SEED=${seed})`, async () => {
  const property = fc.asyncProperty(stories(true), fc.scheduler(), fc.boolean(), async (story, s, three) => {
    const told = await tell(story, "all", s, three);
    expect((await told.world.look()).some((job) => job !== undefined)).toBe(true);
    await runOut(told);
  });
  await fc.assert(property, { seed, numRuns });
});
