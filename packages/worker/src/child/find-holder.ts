import { field, holderProbe } from "./shared-state.js";

/** The run that holds the main thread, the time of its hard limit, and where it is. */
export interface Holder {
  readonly n?: number;
  readonly killAt: number;
  readonly stack?: readonly string[];
}

/** How long the main thread may take to stop, milliseconds: on a busy machine it takes more than a moment. */
const patience = 1500;
const nobody: Holder = { killAt: Number.POSITIVE_INFINITY };

/**
 * Stops the main thread for a moment, by the debugger, and asks it whose code it executes. Where it cannot be stopped
 * (it sits in native code), the run that got the thread last is taken.
 */
export async function findHolder(shared: Float64Array): Promise<Holder> {
  return (await askDebugger().catch(() => undefined)) ?? lastEntered(shared);
}

function lastEntered(shared: Float64Array): Holder {
  const n = shared[field.entered] ?? 0;
  return n > 0 ? { n, killAt: shared[field.enteredKillAt] ?? Number.POSITIVE_INFINITY } : nobody;
}

async function askDebugger(): Promise<Holder | undefined> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  session.connectToMainThread();
  try {
    return await new Promise((resolve) => {
      const timer = setTimeout(resolve, patience, undefined);
      session.on("Debugger.paused", ({ params }) => {
        clearTimeout(timer);
        resolve(probe(session, params.callFrames));
      });
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

function probe(session: Session, frames: readonly CallFrame[]): Promise<Holder | undefined> {
  const callFrameId = frames[0]?.callFrameId ?? "";
  const expression = `globalThis[Symbol.for(${JSON.stringify(holderProbe)})]()`;
  return new Promise((resolve) => {
    session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression }, (error, answer) => {
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
