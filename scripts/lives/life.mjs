import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { createClient } from "tandemq";
import { marker, pidsOfRun, send } from "../faults/processes.mjs";
import { Random } from "../faults/random.mjs";
import { inspect } from "./inspect.mjs";
import { judge } from "./judge.mjs";
import { Known } from "./known.mjs";
import { Plan } from "./plan.mjs";
import { Program } from "./program.mjs";
import { configOf } from "./project/tandemq.config.mjs";
import { readStory, Story } from "./story.mjs";
import { makeTrouble } from "./trouble.mjs";
import { LivingWorker } from "./worker.mjs";

/**
 * Lives one random life to its end and judges it.
 *
 * @returns `{ violations, figures }`; where nothing is violated its folder is gone
 */
export async function live(setup, { folder: parent, stores, run }) {
  const folder = join(parent, String(setup.seed));
  mkdirSync(folder, { recursive: true });
  const life = await begin(setup, { folder, stores, run });
  const faults = await act(life);
  const outcome = await inspect(life);
  const memory = life.workers.map((worker) => worker.memory());
  const ends = await end(life);
  const all = [...faults, ...life.workers.flatMap((worker) => worker.faults)];
  writeFileSync(join(folder, "outcome.json"), JSON.stringify({ faults: all, outcome, memory, ends }, undefined, 1));
  const verdict = judge({ records: readStory(folder), faults: all, outcome, setup, memory, ends, folder });
  const left = pidsOfRun(life.env[marker]);
  for (const pid of left) send(pid, "SIGKILL");
  if (left.length > 0) verdict.violations.push(`processes are left: ${left.join()}`);
  if (verdict.violations.length === 0) rmSync(folder, { recursive: true });
  return verdict;
}

async function begin(setup, { folder, stores, run }) {
  const prefix = `lives${setup.seed}`;
  const mongoUrl = stores.mongo.url.replace(/\/[^/?]*(\?|$)/, `/${prefix}$1`);
  const env = {
    ...{ TANDEMQ_MONGO: mongoUrl, TANDEMQ_REDIS: stores.redis.url, TANDEMQ_PREFIX: prefix, NODE_OPTIONS: "" },
    ...{ LIVES_STORY: folder, LIVES_CODEC: setup.codec ? "1" : "0", LIVES_INLINE: setup.inline ? "1" : "0" },
    [marker]: `${run}-${setup.seed}`,
  };
  const config = { ...configOf({ isCoded: setup.codec }), mongo: mongoUrl, redis: stores.redis.url, prefix, tasks: [] };
  const clients = [await createClient(config), await createClient(config)];
  const workers = setup.processes.map((processes, i) => {
    return new LivingWorker({ name: `w${i}`, folder, env, processes, concurrency: setup.concurrency });
  });
  const mongo = await new MongoClient(mongoUrl).connect();
  const story = new Story(folder, "driver");
  story.tell("SETUP", { setup });
  await Promise.all(workers.map((worker) => worker.start()));
  return {
    setup,
    stores,
    prefix,
    env,
    clients,
    client: clients[0],
    mongo,
    workers,
    story,
    random: new Random(setup.seed),
  };
}

/** Runs the programs, and what disturbs them. */
async function act(life) {
  const { setup, clients, mongo, story } = life;
  const end = performance.now() + setup.seconds * 1000;
  const shared = { mongo, story, setup, known: new Known(), plan: new Plan(new Random(setup.seed), setup) };
  const programs = Array.from({ length: setup.programs }, (_, i) => {
    return new Program({ ...shared, client: clients[i % 2], random: new Random(setup.seed * 31 + i) });
  });
  const [faults] = await Promise.all([makeTrouble(life, end), ...programs.map((program) => program.run(end))]);
  return faults;
}

/** How each worker ended. */
async function end({ workers, clients, mongo, story }) {
  const late = { signal: "it does not end" };
  const ends = [];
  for (const worker of workers) ends.push(await Promise.race([worker.stop(), sleep(30_000, late, { ref: false })]));
  for (const client of clients) await client.close();
  await mongo.close();
  story.close();
  return ends;
}
