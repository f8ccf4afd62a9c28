import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Json, NewJob, Outcome } from "@tandemq/core";
import { descriptors } from "../child/descriptors.js";
import type { Delivery } from "../delivery.js";
import type { AbortReason, LogLine } from "../executor/assignment.js";
import { notBegun } from "../executor/not-begun.js";
import type { Action, TakeAction } from "../executor/take-action.js";
import type { SubJobAnswer } from "../executor/sub-jobs.js";
import type { Blocked, ChildEnd, ChildReport } from "./executor-pool.js";
import { FrameReader, encodeFrame } from "./frames.js";
import type { Batch, FromChild, FromWatch, ToChild } from "./messages.js";
import { killGroup } from "./spawn-child.js";
import { Hand } from "./hand.js";
import { encodeJobs } from "./wire-batch.js";

/** A child that says nothing for so many seconds gets no new jobs; after the second figure it is killed. */
const silence = { suspicious: 5, fatal: 60 };
/** So long may one import hold the thread, seconds; the child itself gives up a little earlier on one that only waits. */
const importLimit = 65;

/** More bytes than this on their way to a child, and it gets no new jobs. */
const maxUnread = 8 * 1024 * 1024;

export interface ChildListener {
  ready(child: Child, message: Extract<FromChild, { t: "ready" }>): void;
  unusable(child: Child, message: Extract<FromChild, { t: "unusable" }>): void;
  ended(child: Child, delivery: Delivery, outcome: Outcome | undefined, keep: number | undefined): void;
  progress(delivery: Delivery, value: Json): void;
  log(delivery: Delivery, line: LogLine): void;
  enqueue(jobs: readonly NewJob[]): Promise<readonly SubJobAnswer[]>;
  readonly take: TakeAction;
  blocked(child: Child, blocked: Blocked): void;
  freed(child: Child): void;
  /** A run holds on beyond its hard limit. */
  stuck(child: Child, delivery: Delivery, outcome: Outcome | undefined): void;
  /** The process is gone, and all it had said was heard. */
  gone(child: Child, end: ChildEnd): void;
}

/** A child process as its supervisor sees it. */
export class Child {
  readonly hand: Hand;
  readonly bornAt: number = performance.now();
  state: "starting" | "ready" | "retiring" | "gone" = "starting";
  blocked = false;
  started = 0;
  rss = 0;
  /** Set before a kill: the child's end is the supervisor's doing. */
  intended = false;
  ending: Extract<FromChild, { t: "ending" }> | undefined;
  wasReady = false;

  readonly #process: ChildProcess;
  readonly #listener: ChildListener;
  readonly #jobs: Writable;
  #stats = { cpu: 0, delay: 0 };
  readonly #over: Promise<void>;
  readonly #watch: Duplex;
  #recalling = false;
  #silent = 0;
  #startSilent = 0;
  #importing: string | undefined;
  #watchText = "";
  #resolveOver: () => void = () => {};

  constructor(process: ChildProcess, slots: number, listener: ChildListener) {
    this.#process = process;
    this.hand = new Hand(slots);
    this.#listener = listener;
    this.#jobs = this.#pipe(descriptors.jobs);
    this.#watch = this.#pipe(descriptors.watch);
    this.#over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    this.#listen(this.#pipe(descriptors.outcomes), this.#watch);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Jobs it can begin now. */
  get free(): number {
    return this.#takes ? Math.max(0, this.hand.free) : 0;
  }

  /** Jobs it can be sent now. */
  get room(): number {
    return this.#takes ? this.hand.room : 0;
  }

  get #takes(): boolean {
    if (this.state !== "ready" || this.blocked || this.#recalling || this.#silent >= silence.suspicious) return false;
    return this.#jobs.writableLength <= maxUnread;
  }

  send(message: ToChild, body: string = ""): void {
    if (this.#jobs.writable) this.#jobs.write(encodeFrame(JSON.stringify(message), body));
  }

  run(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    for (const delivery of deliveries) delivery.pid = this.pid;
    this.hand.add(deliveries);
    this.started += deliveries.length;
    if (this.#jobs.writable) this.#jobs.write(encodeJobs(deliveries));
  }

  /** Takes back what waits, even while the thread is held: it ends as not begun. */
  recall(): void {
    if (this.#recalling || this.state === "gone" || this.hand.waiting === 0) return;
    this.#recalling = true;
    this.#watch.write("recall\n");
  }

  abort(ns: readonly number[], reason: AbortReason): void {
    this.send({ t: "abort", ns, reason });
  }

  /**
   * To be called every second: ends a child that was stopped from outside, or that hangs in an import. Counted in the
   * supervisor's own turns, so that a machine that slept blames nobody.
   */
  tick(): void {
    this.#silent++;
    if (this.state === "starting") this.#startSilent++;
    if (this.#silent >= silence.fatal || this.#startSilent >= importLimit) killGroup(this.#process);
  }

  /** Ends a child in which nothing runs. */
  close(): void {
    this.intended = true;
    this.state = "retiring";
    this.send({ t: "close" });
    setTimeout(() => this.kill(), 2000).unref();
  }

  kill(): void {
    this.intended = true;
    if (this.state === "gone") return;
    this.state = "retiring";
    killGroup(this.#process);
  }

  /** Ends the child, by force if something runs there; resolves when its end has been told. */
  end(): Promise<void> {
    if (this.state === "ready" && this.hand.size === 0) this.close();
    else this.kill();
    return this.#over;
  }

  report(): ChildReport {
    const { pid, state, started, rss, blocked } = this;
    return {
      pid,
      state,
      running: this.hand.busy,
      started,
      rss,
      cpu: this.#stats.cpu,
      loopDelay: this.#stats.delay,
      blocked,
    };
  }

  /** Node's types know the first five only. */
  #pipe(descriptor: number): Duplex {
    const pipes = this.#process.stdio as unknown as readonly Duplex[];
    return pipes[descriptor] as Duplex;
  }

  #listen(outcomes: Readable, watch: Duplex): void {
    const reader = new FrameReader();
    outcomes.on("data", (chunk: Buffer) => {
      for (const { head } of reader.push(chunk)) this.#receive(head as FromChild);
    });
    watch.setEncoding("utf8").on("data", (text: string) => this.#readWatch(text));
    this.#jobs.on("drain", () => this.#listener.freed(this));
    for (const stream of [outcomes, watch, this.#jobs]) stream.on("error", () => {});
    this.#process.on("message", () => {});
    this.#process.channel?.unref();
    this.#awaitEnd(outcomes);
  }

  /** A dead child's last words may still be in the pipe: its end is told when both are over. */
  #awaitEnd(outcomes: Readable): void {
    const silent = new Promise<void>((resolve) => outcomes.once("close", resolve));
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      killGroup(this.#process);
      const heard = Promise.race([silent, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
      void heard.then(() => this.#gone(code, signal));
    };
    this.#process.once("exit", end);
    this.#process.once("error", () => {
      if (this.#process.pid === undefined) this.#gone(null, null);
    });
  }

  #gone(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.state === "gone") return;
    this.state = "gone";
    this.#jobs.destroy();
    this.#watch.destroy();
    const { running, waiting } = this.hand.split();
    this.hand.clear();
    const { pid, intended } = this;
    const { why, error } = this.ending ?? {};
    this.#listener.gone(this, {
      pid,
      code,
      signal,
      intended,
      running,
      waiting,
      ...without({ why, error, importing: this.#importing }),
    });
    this.#resolveOver();
  }

  #receive(message: FromChild): void {
    this.#silent = 0;
    this.#startSilent = 0;
    switch (message.t) {
      case "batch":
        return this.#receiveBatch(message);
      case "enqueue":
        return void this.#enqueue(message.call, message.jobs);
      case "take":
        return void this.#take(message.call, message.action);
      case "importing":
        this.#importing = message.file;
        return;
      case "ready":
        this.#importing = undefined;
        this.wasReady = true;
        if (this.state === "starting") this.state = "ready";
        return this.#listener.ready(this, message);
      case "unusable":
        return this.#listener.unusable(this, message);
      case "reopened":
        this.#recalling = false;
        return this.#listener.freed(this);
      case "stuck":
        return this.#stuck(message.n, message.outcome);
      case "ending":
        this.ending = message;
    }
  }

  async #enqueue(call: number, jobs: readonly NewJob[]): Promise<void> {
    this.send({ t: "enqueued", call, answers: await this.#listener.enqueue(jobs) });
  }

  async #take(call: number, action: Action): Promise<void> {
    this.send({ t: "taken", call, answer: await this.#listener.take(action) });
  }

  #receiveBatch({ done = [], results = [], ended = [], progress = [], logs = [] }: Batch): void {
    for (const line of logs) this.#with(line.n, (delivery) => this.#listener.log(delivery, line));
    for (const [n, value] of progress) this.#with(n, (delivery) => this.#listener.progress(delivery, value));
    this.hand.noteEnded(done.length + results.length / 2 + ended.length);
    for (const n of done) this.#ended(n, { status: "success" }, undefined);
    for (let i = 0; i < results.length; i += 2) {
      this.#ended(results[i] as number, { status: "success", result: results[i + 1] as Json }, undefined);
    }
    for (const { n, outcome, keep, told } of ended) {
      if (told) this.#with(n, (delivery) => void (delivery.told = true));
      this.#ended(n, outcome, keep);
    }
    this.#listener.freed(this);
  }

  #ended(n: number, outcome: Outcome | undefined, keep: number | undefined): void {
    const delivery = this.hand.take(n);
    if (delivery) this.#listener.ended(this, delivery, outcome, keep);
  }

  #with(n: number, use: (delivery: Delivery) => void): void {
    const delivery = this.hand.get(n);
    if (delivery) use(delivery);
  }

  #readWatch(text: string): void {
    const lines = (this.#watchText + text).split("\n");
    this.#watchText = lines.pop() ?? "";
    for (const line of lines) this.#receiveWatch(JSON.parse(line) as FromWatch);
  }

  #receiveWatch(message: FromWatch): void {
    this.#silent = 0;
    switch (message.t) {
      case "stats":
        this.rss = message.rss;
        this.#stats = message;
        return;
      case "stuck":
        return this.#stuck(message.n, undefined);
      case "free":
        this.blocked = false;
        return this.#listener.freed(this);
      case "blocked":
        return this.#blocked(message);
      case "recalled":
        return this.#recalled(message.begun);
    }
  }

  #blocked({ ms, n, stack }: Extract<FromWatch, { t: "blocked" }>): void {
    this.blocked = true;
    if (this.hand.size === 0) return;
    const holder = n === undefined ? undefined : this.hand.get(n);
    this.#listener.blocked(this, { ms, running: this.hand.split().running, ...without({ holder, stack }) });
  }

  /**
   * Until the child has heard of it, it gets nothing that could be taken back again: hearing of the first time would let
   * that begin.
   */
  #recalled(begun: number): void {
    const back = this.hand.withdraw(begun);
    this.started -= back.length;
    this.send({ t: "reopen" });
    // A call of `onFailed` has no store to go back to.
    this.run(back.filter(({ failure }) => failure));
    for (const delivery of back) if (!delivery.failure) this.#listener.ended(this, delivery, notBegun, undefined);
    this.#listener.freed(this);
  }

  #stuck(n: number, outcome: Outcome | undefined): void {
    this.#with(n, (delivery) => this.#listener.stuck(this, delivery, outcome));
  }
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Without the properties that are `undefined`. */
function without<T extends object>(object: T): Given<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Given<T>;
}
