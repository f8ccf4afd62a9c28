import { countOf } from "@tandemq/core";
import type { DoctorContext } from "../context.js";
import { type Check, ok, warning } from "../finding.js";

/** Most keys that are counted in MongoDB. */
const most = 10_000;

/** Unique keys whose job is gone or over. */
export const deadKeys: Check = {
  name: "dead-keys",
  needs: [],
  async run(context) {
    const names = await context.queuesOf("raw", "no-storage");
    const { mongo, redis } = context.stores;
    const inRedis = (await redis?.upkeep().deadKeys(names)) ?? 0;
    const inMongo = (await mongo?.upkeep().deadKeys(most)) ?? 0;
    const all = inRedis + inMongo;
    if (all === 0) return [ok("every unique key has its job")];
    const means =
      inMongo > 0 ? "Enqueues with these keys are answered with a job that is over." : "They only take memory.";
    const todo = "Workers free them by themselves; or run this with --fix.";
    const mend = { what: `free ${countOf(all, "key")}`, run: () => free(context, names) };
    return [warning(`${countOf(all, "unique key has", "unique keys have")} no living job`, means, todo, mend)];
  },
};

async function free({ stores: { mongo, redis } }: DoctorContext, names: readonly string[]): Promise<string> {
  const inRedis = (await redis?.upkeep().freeAllDeadKeys(names)) ?? 0;
  const inMongo = (await mongo?.upkeep().freeDeadKeys(most)) ?? 0;
  return `${countOf(inRedis + inMongo, "key")} freed`;
}
