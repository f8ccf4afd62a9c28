/** What the main thread of a child leaves for its watch thread, in memory both see: eight-byte floats, and a gate. */
const sharedFields = 6;
const floatBytes = sharedFields * Float64Array.BYTES_PER_ELEMENT;

/** The memory, and the two ways to look at it. */
export function sharedMemory(buffer: SharedArrayBuffer = new SharedArrayBuffer(floatBytes + 8)): {
  buffer: SharedArrayBuffer;
  fields: Float64Array;
  gate: Int32Array;
} {
  return { buffer, fields: new Float64Array(buffer, 0, sharedFields), gate: new Int32Array(buffer, floatBytes, 1) };
}

export const field = {
  /** Counts up while the event loop turns. */
  beat: 0,
  /** Number of the run that got the thread last, and the time of its hard limit. */
  entered: 1,
  enteredKillAt: 2,
  /** Written by the watch thread: the run that holds the thread; 0 = unknown. */
  holder: 3,
  /** Longest lateness of a beat since it was last read, milliseconds. */
  delay: 4,
} as const;

export const beatEvery = 250;

export interface WatchData {
  readonly buffer: SharedArrayBuffer;
  readonly fd: number;
  readonly timeOrigin: number;
}

/** Where the watch thread finds the function that tells who holds the main thread. */
export const holderProbe = "tandemq.holder";
