import { writeSync } from "node:fs";
import type { Json } from "@tandemq/core";
import type { Ended, LogLine } from "../executor/assignment.js";
import { encodeFrame } from "../pools/frames.js";
import type { FromChild } from "../pools/messages.js";

/** A batch is sent early when it has grown to so many characters. */
const maxBatch = 256 * 1024;

/**
 * Sends what task code did, in one batch per turn of the event loop. Writing blocks until the system has taken the
 * bytes: what was reached is not lost by `process.exit`, and a supervisor that cannot follow slows its child down.
 */
export class Outbox {
  readonly #fd: number;
  readonly #progress = new Map<number, Json>();
  #done: number[] = [];
  #results: string[] = [];
  #ended: string[] = [];
  #logs: string[] = [];
  #size = 0;
  #scheduled = false;
  /** Called in the turn in which a batch was sent, when no task's code is on the stack. */
  onSent: () => void = () => {};
  /** Runs that ended since the last batch. */
  unsent = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  ended(ended: Ended): void {
    const { n, outcome } = ended;
    this.unsent++;
    if (outcome?.status !== "success" || !isPlain(ended)) this.#add(this.#ended, ended);
    else if (outcome.result === undefined) this.#done.push(n);
    else this.#addText(this.#results, `${n},${JSON.stringify(outcome.result)}`);
    this.#schedule();
  }

  log(line: LogLine): void {
    this.#add(this.#logs, line);
    this.#schedule();
  }

  progress(n: number, value: Json): void {
    this.#progress.set(n, value);
    this.#schedule();
  }

  /** Sends the message at once, after all that was reached before it. */
  send(message: FromChild): void {
    this.flush();
    this.#write(JSON.stringify(message));
  }

  flush(): void {
    this.#scheduled = false;
    this.unsent = 0;
    const parts = this.#parts();
    if (parts === "") return;
    this.#done = [];
    this.#results = [];
    this.#ended = [];
    this.#logs = [];
    this.#size = 0;
    this.#progress.clear();
    this.#write(`{"t":"batch"${parts}}`);
  }

  #parts(): string {
    const progress = this.#progress.size > 0 ? `,"progress":${JSON.stringify([...this.#progress])}` : "";
    const endings = list("done", this.#done) + list("results", this.#results) + list("ended", this.#ended);
    return endings + list("logs", this.#logs) + progress;
  }

  #add(texts: string[], item: Ended | LogLine): void {
    this.#addText(texts, JSON.stringify(item));
  }

  #addText(texts: string[], text: string): void {
    texts.push(text);
    this.#size += text.length;
    if (this.#size > maxBatch) this.flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.flush();
      this.onSent();
    });
  }

  #write(head: string): void {
    const frame = encodeFrame(head);
    for (let sent = 0; sent < frame.length; ) sent += writeSome(this.#fd, frame, sent);
  }
}

/** Whether nothing is to be told but the result. Asked for by exclusion, so that what is added later is not left out. */
function isPlain({ n: _, outcome, ...more }: Ended): boolean {
  if (outcome?.status !== "success") return false;
  const { status: __, result: ___, ...rest } = outcome;
  return isEmpty(more) && isEmpty(rest);
}

function isEmpty(more: object): boolean {
  for (const name in more) if (more[name as keyof typeof more] !== undefined) return false;
  return true;
}

function list(name: string, items: readonly (string | number)[]): string {
  return items.length === 0 ? "" : `,"${name}":[${items.join()}]`;
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeSome(fd: number, frame: Buffer, from: number): number {
  try {
    return writeSync(fd, frame, from);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    Atomics.wait(pause, 0, 0, 1);
    return 0;
  }
}
