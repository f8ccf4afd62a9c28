import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { experiments } from "../../scripts/faults/experiments/index.mjs";
import { Random } from "../../scripts/faults/random.mjs";
import { runExperiment } from "../../scripts/faults/run-experiment.mjs";
import { mongoUrl, redisUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";

const kills = experiments("test").filter(({ name }) => name === "child-kill" || name === "worker-kill");
const seed = Date.now() % 1_000_000;

/** One kill of a child and one of a worker in each mode; the whole proof is `npm run prove:faults`. */
describe.each(["regular", "raw", "no-storage"] as const)(`a %s queue (seed ${seed})`, (mode) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tandemq-kills-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each(kills)("$name: nothing lost, nothing run twice but what was in flight", async (experiment) => {
    const run = unique("faults");
    const stores = { mongo: { url: mongoUrl(run) }, redis: { url: redisUrl() } };
    const row = await runExperiment(experiment, { run, mode, folder, stores, random: new Random(seed) });
    expect(row).toMatchObject({ violations: [], faults: 1, acknowledged: 200, lost: 0, unexcused: 0, left: 0 });
  });
});
