/**
 * The second thread of a child. It does not depend on the main thread's event loop, so that it can
 * - end the child and all it started when the supervisor is gone (its pipe ends),
 * - tell the supervisor that the main thread is held, and by which run,
 * - tell that a run holds the thread beyond its hard limit,
 * - keep what waits from beginning, when the supervisor takes it back.
 */
import { Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import type { FromWatch } from "../pools/messages.js";
import { type Holder, findHolder, lastEntered } from "./find-holder.js";
import { closeGate } from "./gate.js";
import { type WatchData, beatEvery, field, sharedMemory } from "./shared-state.js";

const blockedAfter = 1000;
/** So long the debugger has to answer before the supervisor is told without it, milliseconds. */
const patience = 1500;
const { buffer, fd, timeOrigin } = workerData as WatchData;
const { fields: shared, gate } = sharedMemory(buffer);
const pipe = new Socket({ fd, readable: true, writable: true });

let beat = -1;
let beatAt = performance.now();
let blocked = false;
/** Aborted when the main thread is free again. */
let held: AbortController | undefined;
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
  if (ms > blockedAfter && !blocked) void onBlocked();
  if (blocked && mainNow() >= killAt) void onOverdue();
}

function onBeat(): void {
  if (blocked) send({ t: "free", ms: Math.round(performance.now() - beatAt) });
  blocked = false;
  held?.abort();
  killAt = Number.POSITIVE_INFINITY;
  beat = shared[field.beat] ?? 0;
  beatAt = performance.now();
}

/** Told with what is known soon, and again when the debugger has found out more. */
async function onBlocked(): Promise<void> {
  blocked = true;
  held = new AbortController();
  const { signal } = held;
  const found = findHolder(signal);
  const soon = await Promise.race([found, sleep(patience)]);
  if (signal.aborted) return;
  tell(soon ?? lastEntered(shared));
  if (soon) return;
  const late = await found;
  if (late) tell(late);
}

function tell({ n, stack, killAt: limit }: Holder): void {
  shared[field.holder] = n ?? 0;
  killAt = limit;
  const ms = Math.round(performance.now() - beatAt);
  send({ t: "blocked", ms, ...(n === undefined ? {} : { n }), ...(stack ? { stack } : {}) });
}

/** Runs may hold the thread in turns without letting the event loop go: the one that holds it now is asked again. */
async function onOverdue(): Promise<void> {
  killAt = Number.POSITIVE_INFINITY;
  const over = AbortSignal.any([held?.signal ?? AbortSignal.abort(), AbortSignal.timeout(patience)]);
  const found = await findHolder(over);
  if (!held || held.signal.aborted) return;
  const { n, killAt: limit } = found ?? lastEntered(shared);
  if (n === undefined) return;
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
