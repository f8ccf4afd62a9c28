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
  #ended: string[] = [];
  #logs: string[] = [];
  #size = 0;
  #scheduled = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  ended(ended: Ended): void {
    this.#add(this.#ended, ended);
  }

  log(line: LogLine): void {
    this.#add(this.#logs, line);
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
    if (this.#ended.length === 0 && this.#logs.length === 0 && this.#progress.size === 0) return;
    const head = `{"t":"batch","ended":[${this.#ended.join()}]${this.#extras()}}`;
    this.#ended = [];
    this.#logs = [];
    this.#size = 0;
    this.#progress.clear();
    this.#write(head);
  }

  #add(list: string[], item: Ended | LogLine): void {
    const text = JSON.stringify(item);
    list.push(text);
    this.#size += text.length;
    if (this.#size > maxBatch) this.flush();
    else this.#schedule();
  }

  #extras(): string {
    const logs = this.#logs.length > 0 ? `,"logs":[${this.#logs.join()}]` : "";
    return this.#progress.size > 0 ? `${logs},"progress":${JSON.stringify([...this.#progress])}` : logs;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.flush());
  }

  #write(head: string): void {
    const frame = encodeFrame(head);
    for (let sent = 0; sent < frame.length; ) sent += writeSome(this.#fd, frame, sent);
  }
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
