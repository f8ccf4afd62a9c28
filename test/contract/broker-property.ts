import { expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { story } from "./property/operation.js";
import { take } from "./property/steps.js";
import { World } from "./property/world.js";
import type { Subject } from "./subject.js";

/** Set to the seed of a failed run to run it again. */
const seed = Number(process.env["TANDEMQ_TEST_SEED"] ?? Date.now() % 0x7fffffff);
const runs = Number(process.env["TANDEMQ_TEST_RUNS"] ?? 40);
/** Milliseconds, the search for a smaller counterexample included. */
const limit = Math.max(60_000, runs * 1000);

/** Random stories, told to the broker and to the memory broker as its model: both must give the same account. */
export function brokerProperty(subject: Subject): void {
  test(
    `${subject.name} does in ${runs} random stories what the model does (TANDEMQ_TEST_SEED=${seed})`,
    async () => {
      const { broker, close } = await subject.open();
      try {
        const property = fc.asyncProperty(story, async (operations) => {
          const world = new World(subject, broker);
          for (const operation of operations) {
            await take(world, operation);
            expect(await world.look(broker)).toEqual(await world.look(world.model));
          }
        });
        await fc.assert(property, { seed, numRuns: runs, interruptAfterTimeLimit: limit });
      } finally {
        await close();
      }
    },
    2 * limit,
  );
}
