import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../faults/random.mjs";
import { clock } from "./story.mjs";

/** So long after a store is back claims and settlements of before may still be on their way, milliseconds. */
const aftermath = 6_000;

/** Kills and restarts what the setup says until the programs end. @returns the faults but those of the workers */
export async function makeTrouble({ setup, workers, stores, env, story }, end) {
  const faults = [];
  const random = new Random(setup.seed + 17);
  while (setup.faults !== "none") {
    await sleep(random.between(300, 2500));
    if (performance.now() > end - 500) break;
    if (setup.vanishing && random.share() < 0.5) faults.push(await killConsumer(random, env));
    if (setup.faults === "stores") await killStore({ random, stores, story }, faults);
    else await hitWorker(random, workers, story);
  }
  return faults;
}

async function hitWorker(random, workers, story) {
  const worker = random.pick(workers);
  await worker.restarting;
  const kind = random.pick(["kill", "restart", "child", "child"]);
  story.tell("FAULT", { kind });
  if (kind === "kill") await worker.kill();
  else if (kind === "restart") await worker.restart();
  else worker.killChild(random);
}

async function killStore({ random, stores, story }, faults) {
  const kind = random.pick(["redis", "mongo"]);
  const fault = { kind, isStore: true, at: clock(), until: Number.POSITIVE_INFINITY };
  faults.push(fault);
  story.tell("FAULT", { kind });
  await stores[kind].kill();
  await sleep(random.between(0, 1200));
  await stores[kind].start();
  fault.until = clock() + aftermath;
  await sleep(2000);
}

async function killConsumer(random, env) {
  const file = new URL("vanish.mjs", import.meta.url);
  const child = fork(file, [String(random.between(0, 1e6))], { stdio: "ignore", env: { ...process.env, ...env } });
  await sleep(random.between(200, 900));
  child.kill("SIGKILL");
  return { kind: "consumer", at: clock(), until: clock() + 200, pids: [child.pid] };
}
