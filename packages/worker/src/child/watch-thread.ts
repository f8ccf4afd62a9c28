/**
 * The second thread of a child. It does not depend on the main thread's event loop, so that it can
 * - end the child and all it started when the supervisor is gone (its pipe ends),
 * - tell the supervisor that the main thread is held, and by which run,
 * - tell that a run holds the thread beyond its hard limit,
 * - keep what waits from beginning, when the supervisor takes it back.
 */
import { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { workerData } from "node:worker_threads";
import type { FromWatch } from "../pools/messages.js";
import { findHolder } from "./find-holder.js";
import { closeGate } from "./gate.js";
import { type WatchData, beatEvery, field, sharedMemory } from "./shared-state.js";

const blockedAfter = 1000;
const { buffer, fd, timeOrigin } = workerData as WatchData;
const { fields: shared, gate } = sharedMemory(buffer);
const pipe = new Socket({ fd, readable: true, writable: true });

let beat = -1;
let beatAt = performance.now();
let blocked = false;
let killAt = Number.POSITIVE_INFINITY;
let turns = 0;

pipe.on("error", endGroup);
pipe.on("close", endGroup);
// Whatever comes asks for the same.
pipe.on("data", () => send({ t: "recalled", begun: closeGate(gate) }));
setInterval(look, beatEvery);

function look(): void {
  if (++turns % 4 === 0) sendStats();
  if (shared[field.beat] !== beat) return onBeat();
  const ms = performance.now() - beatAt;
  if (ms > blockedAfter && !blocked) void onBlocked(ms);
  if (blocked && mainNow() >= killAt) void onOverdue();
}

function onBeat(): void {
  if (blocked) send({ t: "free", ms: Math.round(performance.now() - beatAt) });
  blocked = false;
  killAt = Number.POSITIVE_INFINITY;
  beat = shared[field.beat] ?? 0;
  beatAt = performance.now();
}

async function onBlocked(ms: number): Promise<void> {
  blocked = true;
  const since = beat;
  const holder = await findHolder(shared);
  if (!blocked || beat !== since) return;
  shared[field.holder] = holder.n ?? 0;
  killAt = holder.killAt;
  const { n, stack } = holder;
  send({ t: "blocked", ms: Math.round(ms), ...(n === undefined ? {} : { n }), ...(stack ? { stack } : {}) });
}

/** Runs may hold the thread in turns without letting the event loop go: the one that holds it now is asked again. */
async function onOverdue(): Promise<void> {
  killAt = Number.POSITIVE_INFINITY;
  const since = beat;
  const { n, killAt: limit } = await findHolder(shared);
  if (n === undefined || !blocked || beat !== since) return;
  if (mainNow() >= limit) send({ t: "stuck", n });
  else killAt = limit;
}

function sendStats(): void {
  const { user, system } = process.cpuUsage();
  const delay = Math.max(shared[field.delay] ?? 0, performance.now() - beatAt - beatEvery, 0);
  shared[field.delay] = 0;
  send({
    t: "stats",
    rss: process.memoryUsage.rss(),
    cpu: Math.round((user + system) / 1000),
    delay: Math.round(delay),
  });
}

function send(message: FromWatch): void {
  pipe.write(`${JSON.stringify(message)}\n`);
}

/** The main thread's `performance.now()`. */
function mainNow(): number {
  return performance.timeOrigin + performance.now() - timeOrigin;
}

function endGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}
