import type { ChildProcess } from "node:child_process";
import type { Json, NewJob, Outcome } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { AbortReason } from "../executor/assignment.js";
import { notBegun } from "../executor/not-begun.js";
import type { Action } from "../executor/take-action.js";
import type { ChildReport } from "./executor-pool.js";
import { ChildLine } from "./child-line.js";
import type { ChildListener } from "./child-listener.js";
import { encodeFrame } from "./frames.js";
import type { Batch, FromChild, FromWatch, ToChild } from "./messages.js";
import { Hand } from "./hand.js";
import { Silence } from "./silence.js";
import { encodeJobs } from "./wire-batch.js";
import { without } from "./without.js";

/** More bytes than this on their way to a child, and it gets no new jobs. */
const maxUnread = 8 * 1024 * 1024;

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

  readonly #line: ChildLine;
  readonly #listener: ChildListener;
  #stats = { cpu: 0, delay: 0 };
  readonly #over: Promise<void>;
  #recalling = false;
  readonly #silence = new Silence();
  #importing: string | undefined;
  #resolveOver: () => void = () => {};

  constructor(process: ChildProcess, slots: number, listener: ChildListener) {
    this.hand = new Hand(slots);
    this.#listener = listener;
    this.#line = new ChildLine(process, {
      heard: (message) => this.#receive(message),
      watched: (message) => this.#receiveWatch(message),
      drained: () => this.#listener.freed(this),
      over: (code, signal) => this.#gone(code, signal),
    });
    this.#over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
  }

  get pid(): number {
    return this.#line.pid;
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
    if (this.state !== "ready" || this.blocked || this.#recalling || this.#silence.isSuspicious) return false;
    return this.#line.unread <= maxUnread;
  }

  send(message: ToChild, body: string = ""): void {
    this.#line.send(encodeFrame(JSON.stringify(message), body));
  }

  run(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    for (const delivery of deliveries) delivery.pid = this.pid;
    this.hand.add(deliveries);
    this.started += deliveries.length;
    this.#line.send(encodeJobs(deliveries));
  }

  /** Takes back what waits, even while the thread is held: it ends as not begun. */
  recall(): void {
    if (this.#recalling || this.state === "gone" || this.hand.waiting === 0) return;
    this.#recalling = true;
    this.#line.recall();
  }

  abort(ns: readonly number[], reason: AbortReason): void {
    this.send({ t: "abort", ns, reason });
  }

  /**
   * To be called every second: ends a child that was stopped from outside, or that hangs in an import. Counted in the
   * supervisor's own turns, so that a machine that slept blames nobody.
   */
  tick(): void {
    this.#silence.tick(this.state === "starting");
    if (this.#silence.isFatal) this.#line.kill();
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
    this.#line.kill();
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

  #gone(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.state === "gone") return;
    this.state = "gone";
    this.#line.close();
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
    this.#silence.broken();
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

  #receiveWatch(message: FromWatch): void {
    this.#silence.brokenByWatch();
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
