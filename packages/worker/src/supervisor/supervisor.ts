import { type Source, startLongTimer } from "@tandemq/core";
import type { Delivery } from "../delivery.js";
import type { Emitter, WorkerEnd, WorkerEvents } from "../events.js";
import type { WorkerSettings } from "../options.js";
import { createSlots } from "./claiming/create-slots.js";
import type { Slots } from "./claiming/slots.js";
import { Course } from "./course.js";
import { type Parts, type WorkerState, createParts } from "./parts.js";
import { refuseMixture } from "./refuse-mixture.js";
import type { WorkerReport } from "./reporting/report.js";
import { Service } from "./service.js";
import { Burst } from "./stopping/burst.js";
import { Shutdown, type StopHow, type Stoppable } from "./stopping/shutdown.js";

/**
 * Owns every claim, lease and settlement of one worker: fetchers claim as many jobs as slots are free, the dispatcher
 * sends them to a pool, settlers settle what comes back, the lease keeper holds what is held.
 */
export class Supervisor implements Stoppable {
  readonly #parts: Parts;
  readonly #course: Course;
  readonly #slots: Slots;
  readonly #shutdown: Shutdown;
  readonly #burst: Burst | undefined;
  #service: Service | undefined;
  #clearTimer: () => void = () => {};

  constructor(settings: WorkerSettings, events: Emitter<WorkerEvents>) {
    this.#parts = createParts(settings, events);
    this.#burst = settings.burst ? this.#createBurst() : undefined;
    this.#course = new Course(this.#parts, {
      onFree: () => this.#slots.poke(),
      onSettled: () => this.#burst?.settled(),
      onBack: (delivery) => this.#service?.cameBack(delivery),
      onSpent: () => void this.stop("drain"),
    });
    this.#slots = createSlots(this.#parts, this.#course.pools, this.#course.dispatcher);
    this.#shutdown = new Shutdown(this, settings, settings.logger);
  }

  /** Starts children and stores side by side; resolves when the first job can run. */
  async start(): Promise<void> {
    const { deployment, queues } = this.#parts.settings;
    const pools = this.#course.pools.main.start();
    pools.catch(() => {});
    await deployment.start();
    const sources = await deployment.sources(queues);
    await pools;
    if (this.state === "starting") this.#serve(sources);
  }

  /** After a start that failed or was cancelled: ends what was started. */
  async abandon(): Promise<void> {
    const { main, solo } = this.#course.pools;
    this.#parts.state = "stopping";
    await Promise.all([main.stop(), solo.stop()]);
  }

  stop(how: StopHow): Promise<WorkerEnd> {
    const { settings, events } = this.#parts;
    if (this.state !== "stopping") settings.logger.info({ how }, "the worker stops");
    this.#parts.state = "stopping";
    events.emit("stopping", how);
    return this.#shutdown.ask(how);
  }

  /** Resolves when the worker has ended, whoever asked for it. */
  get stopped(): Promise<WorkerEnd> {
    return this.#shutdown.end;
  }

  get state(): WorkerState {
    return this.#parts.state;
  }

  report(): WorkerReport | undefined {
    return this.#service?.report();
  }

  #serve(sources: readonly Source[]): void {
    const { settings, settlers } = this.#parts;
    refuseMixture(sources, settings);
    this.#parts.sources = sources;
    settlers.open(sources, this.#course.settling, settings.logger);
    this.#course.desk.open();
    this.#service = new Service(this.#parts, this.#course, this.#slots, this.#burst);
    if (settings.maxTime !== undefined)
      this.#clearTimer = startLongTimer(settings.maxTime, () => void this.stop("drain"));
    this.#parts.state = "running";
    this.#service.start();
  }

  #createBurst(): Burst {
    const parts = this.#parts;
    return new Burst({
      sources: () => parts.sources,
      untilIdle: parts.settings.untilIdle,
      isIdle: () => parts.ledger.size === 0 && parts.emigrations.idle && parts.state === "running",
      end: () => void this.stop("drain"),
    });
  }

  async stopClaiming(): Promise<void> {
    this.#clearTimer();
    this.#course.dispatcher.stop();
    await this.#service?.stopClaiming();
  }

  running(): readonly Delivery[] {
    return this.#course.running();
  }

  abort(deliveries: readonly Delivery[]): void {
    this.#course.abort(deliveries, "stop");
  }

  giveBack(delivery: Delivery): void {
    this.#course.ended(delivery, { status: "interrupt" });
  }

  quiet(ms: number, signal: AbortSignal): Promise<boolean> {
    const { changes, ledger } = this.#parts;
    return changes.until(() => ledger.running === 0, ms, signal);
  }

  vacant(ms: number, signal: AbortSignal): Promise<boolean> {
    const { main, solo } = this.#course.pools;
    return this.#parts.changes.until(() => main.busy + solo.busy === 0, ms, signal);
  }

  settled(ms: number): Promise<boolean> {
    const { changes, ledger } = this.#parts;
    return changes.until(() => ledger.size === 0, ms);
  }

  casualties(): { killed: number; lost: number } {
    return this.#course.desk.casualties();
  }

  async close(): Promise<void> {
    this.#parts.settlers.abandon();
    await this.abandon();
    await this.#course.desk.close();
    await this.#service?.stop();
  }
}
