import os from "node:os";
import { redactUrl, Turns } from "@tandemq/core";
import { type Collection, type Db, MongoClient, type MongoClientOptions, MongoTopologyClosedError } from "mongodb";
import type { Doubt } from "../claim/doubts.js";
import { driverOptions } from "../transaction/callers-database.js";
import type { JobDocument } from "../documents/job-document.js";
import { prepare } from "../schema/prepare.js";
import { databaseOf } from "./database-of.js";
import { translate } from "./errors.js";
import type {
  CancelDocument,
  LimitDocument,
  LimitWaitDocument,
  OutboxDocument,
  QueueDocument,
  WorkerDocument,
} from "./other-documents.js";
import type { LogDocument } from "../documents/log-document.js";
import { ServerClock } from "./server-clock.js";
import { inspect, type Server } from "./server.js";

export interface ConnectionOptions {
  /** Address of the server; the database is the one it names, `tandemq` otherwise. */
  readonly url?: string;
  /** A client of the caller's own instead, which is then not closed here. */
  readonly client?: MongoClient;
  /** The database, instead of the one that the address names. */
  readonly db?: string;
  /** Begins the names of the collections `jobs`, `queues`, `workers`, `cancels` and `job_logs`. Default: none. */
  readonly prefix?: string;
  /** Told what the layout of the server takes away. Default: nothing is told. */
  readonly warn?: (message: string) => void;
  /** Milliseconds after which an unreachable server is given up. Default: what the address says, or 5 seconds. */
  readonly serverSelectionTimeout?: number;
}

const defaultOptions: MongoClientOptions = {
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 10_000,
  maxPoolSize: 20,
  appName: "tandemq",
  // The driver (7.8) would load it by import(), which Jest does not let CommonJS do.
  runtimeAdapters: { os },
};

/** One client and the collections on it, shared by broker, store and registry. */
export class Connection {
  readonly client: MongoClient;
  readonly db: Db;
  /** Writes are acknowledged by the majority. */
  readonly jobs: Collection<JobDocument>;
  /** Writes are acknowledged by the primary alone: for what may be rolled back without harm. */
  readonly quickJobs: Collection<JobDocument>;
  readonly queues: Collection<QueueDocument>;
  readonly workers: Collection<WorkerDocument>;
  readonly cancels: Collection<CancelDocument>;
  readonly outbox: Collection<OutboxDocument>;
  readonly limits: Collection<LimitDocument>;
  readonly limitWaits: Collection<LimitWaitDocument>;
  /** Log lines of jobs, some in each document. */
  readonly logs: Collection<LogDocument>;
  readonly clock: ServerClock;
  readonly address: string;
  /** Whose turn it is among the queues that are claimed from. */
  readonly turns: Turns = new Turns();
  /** Claims whose answer was lost. */
  readonly doubts: Set<Doubt> = new Set();
  /** Given with our own updates of documents that are valid, and stay so. */
  unchecked: { readonly bypassDocumentValidation?: true } = {};
  readonly #warn: (message: string) => void;
  readonly #owned: boolean;
  #server: Promise<Server> | undefined;
  #closed = false;

  constructor(options: ConnectionOptions) {
    const { url, client, prefix = "", warn = () => {} } = options;
    this.#warn = warn;
    this.#owned = client === undefined;
    this.client = client ?? new MongoClient(url ?? "", clientOptions(options));
    this.address = url === undefined ? this.client.options.hosts.join(",") : redactUrl(url);
    this.db = this.client.db(options.db ?? (url === undefined ? undefined : databaseOf(url)), driverOptions);
    const majority = { writeConcern: { w: "majority" }, readPreference: "primary", ...driverOptions } as const;
    this.jobs = this.db.collection(`${prefix}jobs`, majority);
    this.quickJobs = this.db.collection(`${prefix}jobs`, { ...majority, writeConcern: { w: 1 } });
    this.queues = this.db.collection(`${prefix}queues`, majority);
    this.workers = this.db.collection(`${prefix}workers`, { ...majority, writeConcern: { w: 1 } });
    this.cancels = this.db.collection(`${prefix}cancels`, majority);
    this.limits = this.db.collection(`${prefix}limits`, majority);
    this.limitWaits = this.db.collection(`${prefix}limit_waits`, majority);
    this.logs = this.db.collection(`${prefix}job_logs`, { ...majority, writeConcern: { w: 1 } });
    this.outbox = this.db.collection(`${prefix}outbox`, majority);
    this.clock = new ServerClock(this.db);
  }

  /** Connects, inspects the server, creates and checks collections and indexes: once, again after a failure. */
  start(): Promise<Server> {
    this.#server ??= this.run("start", () => this.#prepare()).catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  /** Runs an operation; the driver's errors become coded ones. */
  async run<T>(what: string, operation: () => Promise<T>): Promise<T> {
    try {
      return await this.#runAlive(operation);
    } catch (error) {
      throw translate(error, what, this.address);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#owned) return;
    await this.client.close();
    // The driver (7.8) reads certificates, and looks up `mongodb+srv` names, before it connects: closed meanwhile, it connects.
    await this.#server?.catch(() => undefined);
    await this.client.close();
  }

  /** The driver (7.8) gives a client up for good when its first connection fails: it has to be told to try again. */
  async #runAlive<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (this.#closed || !(error instanceof MongoTopologyClosedError)) throw error;
      await this.client.connect();
      return operation();
    }
  }

  async #prepare(): Promise<Server> {
    const server = await inspect(this.db);
    for (const warning of server.warnings) this.#warn(`MongoDB at ${this.address}: ${warning}`);
    if (await prepare(this)) this.unchecked = { bypassDocumentValidation: true };
    return server;
  }
}

/** What the address itself says goes before our defaults. */
function clientOptions({ url = "", serverSelectionTimeout }: ConnectionOptions): MongoClientOptions {
  const said = url.slice(url.indexOf("?") + 1).toLowerCase();
  const unsaid = Object.entries(defaultOptions).filter(([name]) => !said.includes(`${name.toLowerCase()}=`));
  const given = serverSelectionTimeout === undefined ? {} : { serverSelectionTimeoutMS: serverSelectionTimeout };
  return { ...Object.fromEntries(unsaid), ...given };
}
