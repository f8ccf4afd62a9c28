import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import { descriptors } from "../child/descriptors.js";
import { FrameReader } from "./frames.js";
import type { FromChild, FromWatch } from "./messages.js";
import { killGroup } from "./spawn-child.js";

export interface LineListener {
  heard(message: FromChild): void;
  /** From its watch thread, which speaks while the other is held. */
  watched(message: FromWatch): void;
  /** What was written has been read. */
  drained(): void;
  /** The process is gone, and all it had said was heard. May be told twice. */
  over(code: number | null, signal: NodeJS.Signals | null): void;
}

/** A child process and the pipes to it, which are ours alone. */
export class ChildLine {
  readonly #process: ChildProcess;
  readonly #listener: LineListener;
  readonly #jobs: Writable;
  readonly #watch: Duplex;
  #watchText = "";

  constructor(process: ChildProcess, listener: LineListener) {
    this.#process = process;
    this.#listener = listener;
    this.#jobs = this.#pipe(descriptors.jobs);
    this.#watch = this.#pipe(descriptors.watch);
    this.#listen(this.#pipe(descriptors.outcomes));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Bytes on their way to it. */
  get unread(): number {
    return this.#jobs.writableLength;
  }

  send(frame: Uint8Array): void {
    if (this.#jobs.writable) this.#jobs.write(frame);
  }

  /** Takes back what waits, even while the thread is held. */
  recall(): void {
    this.#watch.write("recall\n");
  }

  /** With what it started. */
  kill(): void {
    killGroup(this.#process);
  }

  close(): void {
    this.#jobs.destroy();
    this.#watch.destroy();
  }

  /** Node's types know the first five only. */
  #pipe(descriptor: number): Duplex {
    const pipes = this.#process.stdio as unknown as readonly Duplex[];
    return pipes[descriptor] as Duplex;
  }

  #listen(outcomes: Readable): void {
    const reader = new FrameReader();
    outcomes.on("data", (chunk: Buffer) => {
      for (const { head } of reader.push(chunk)) this.#listener.heard(head as FromChild);
    });
    this.#watch.setEncoding("utf8").on("data", (text: string) => this.#readWatch(text));
    this.#jobs.on("drain", () => this.#listener.drained());
    for (const stream of [outcomes, this.#watch, this.#jobs]) stream.on("error", () => {});
    this.#process.on("message", () => {});
    this.#process.channel?.unref();
    this.#awaitEnd(outcomes);
  }

  #readWatch(text: string): void {
    const lines = (this.#watchText + text).split("\n");
    this.#watchText = lines.pop() ?? "";
    for (const line of lines) this.#listener.watched(JSON.parse(line) as FromWatch);
  }

  /** A dead child's last words may still be in the pipe: its end is told when both are over. */
  #awaitEnd(outcomes: Readable): void {
    const silent = new Promise<void>((resolve) => outcomes.once("close", resolve));
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      killGroup(this.#process);
      const heard = Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
      void heard.then(() => this.#listener.over(code, signal));
    };
    this.#process.once("exit", end);
    this.#process.once("error", () => {
      if (this.#process.pid === undefined) this.#listener.over(null, null);
    });
  }
}
