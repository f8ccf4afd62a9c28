import { setTimeout as sleep } from "node:timers/promises";
import { field, holderProbe } from "./shared-state.js";

/** The run that holds the main thread, the time of its hard limit, and where it is. */
export interface Holder {
  readonly n?: number;
  readonly killAt: number;
  readonly stack?: readonly string[];
}

/** A moment may hit code of no run, between two: so often it is asked, with so many milliseconds in between. */
const tries = { most: 5, every: 20 };
const nobody: Holder = { killAt: Number.POSITIVE_INFINITY };

/** The run that got the main thread last: all that is known as long as the debugger cannot stop it. */
export function lastEntered(shared: Float64Array): Holder {
  const n = shared[field.entered] ?? 0;
  return n > 0 ? { n, killAt: shared[field.enteredKillAt] ?? Number.POSITIVE_INFINITY } : nobody;
}

/**
 * Stops the main thread for a moment, by the debugger, and asks it whose code it executes. That takes as long as the
 * thread sits in native code, and longer than one thinks where the machine is busy.
 *
 * @param over ends the search: the thread is free
 * @returns without `n`: the code belongs to no running job
 */
export async function findHolder(over: AbortSignal): Promise<Holder | undefined> {
  let found: Holder | undefined;
  for (let i = 0; i < tries.most && !over.aborted; i++) {
    if (i > 0) await sleep(tries.every);
    found = (await askDebugger(over).catch(() => undefined)) ?? found;
    if (found?.n !== undefined) break;
  }
  return over.aborted ? undefined : found;
}

async function askDebugger(over: AbortSignal): Promise<Holder | undefined> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  session.connectToMainThread();
  try {
    return await new Promise((resolve) => {
      if (over.aborted) return resolve(undefined);
      over.addEventListener("abort", () => resolve(undefined), { once: true });
      session.on("Debugger.paused", ({ params }) => resolve(probe(session, params.callFrames)));
      session.post("Debugger.enable");
      session.post("Debugger.pause");
    });
  } finally {
    session.post("Debugger.disable");
    session.disconnect();
  }
}

type Session = import("node:inspector").Session;
type CallFrame = import("node:inspector").Debugger.CallFrame;

/** Asked beside the frames, not in one of them: in a function of Node's own the names of the language may be unknown. */
function probe(session: Session, frames: readonly CallFrame[]): Promise<Holder | undefined> {
  const expression = `globalThis[Symbol.for(${JSON.stringify(holderProbe)})]()`;
  return new Promise((resolve) => {
    session.post("Runtime.evaluate", { expression, silent: true }, (error, answer) => {
      resolve(error ? undefined : read(answer.result.value, frames));
    });
  });
}

/** `[n, killAt]` as JSON; `n` 0: code that belongs to no running job. */
function read(value: unknown, frames: readonly CallFrame[]): Holder | undefined {
  if (typeof value !== "string") return undefined;
  const [n, killAt] = JSON.parse(value) as [number, number];
  const stack = frames
    .slice(0, 10)
    .map((frame) => `${frame.functionName || "(anonymous)"} ${frame.url}:${frame.location.lineNumber + 1}`);
  return n > 0 ? { n, killAt, stack } : { ...nobody, stack };
}
