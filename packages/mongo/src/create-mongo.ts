import { InvalidOptionError, type Limiter, type Wakeups } from "@tandemq/core";
import { Connection, type ConnectionOptions } from "./connection/connection.js";
import { MongoLimiter } from "./limits/mongo-limiter.js";
import { MongoInspector } from "./inspect/mongo-inspector.js";
import { MongoBroker, type MongoBrokerOptions } from "./mongo-broker.js";
import { MongoJobLogs } from "./logs/mongo-job-logs.js";
import { MongoRegistry } from "./registry/mongo-registry.js";
import { MongoJobStore } from "./store/mongo-job-store.js";
import { MongoUpkeep } from "./upkeep/mongo-upkeep.js";
import { MongoOutbox } from "./transaction/mongo-outbox.js";
import { ChangeStreamWakeups } from "./wake/change-stream-wakeups.js";

export interface MongoOptions extends ConnectionOptions {
  /**
   * Carries wake-ups between processes, for instance by Redis messages. Default: the changes of the collections
   * themselves, where the server tells them (a replica set).
   */
  readonly wakeups?: Wakeups;
}

/** What lives in one database of MongoDB, over one client. */
export interface Mongo {
  /** Told of work, and of jobs' ends, by the changes of the collections, or what was given instead. */
  readonly wakeups: Wakeups;
  broker(options?: MongoBrokerOptions): MongoBroker;
  store(): MongoJobStore;
  registry(): MongoRegistry;
  outbox(): MongoOutbox;
  limiter(): Limiter;
  logs(): MongoJobLogs;
  /** Looks at the server, for an operator. */
  inspector(): MongoInspector;
  /** What keeps the store tidy. */
  upkeep(): MongoUpkeep;
  /** Ends every wait and closes the client, unless it was given. May be called twice. */
  close(): Promise<void>;
}

/**
 * Opens one client for broker, store and registry. Nothing is connected before first use.
 *
 * @throws InvalidOptionError when neither or both of `url` and `client` are given
 */
export function createMongo(options: MongoOptions): Mongo {
  if ((options.url === undefined) === (options.client === undefined)) {
    throw new InvalidOptionError("createMongo: give either `url` or `client`");
  }
  const connection = new Connection(options);
  const changes = new ChangeStreamWakeups(connection);
  const wakeups = options.wakeups ?? changes;
  const brokers: MongoBroker[] = [];
  return {
    wakeups,
    broker(brokerOptions) {
      const broker = new MongoBroker(connection, wakeups, brokerOptions);
      brokers.push(broker);
      return broker;
    },
    store: () => new MongoJobStore(connection, wakeups),
    registry: () => new MongoRegistry(connection),
    outbox: () => new MongoOutbox(connection),
    limiter: () => new MongoLimiter(connection),
    logs: () => new MongoJobLogs(connection),
    inspector: () => new MongoInspector(connection),
    upkeep: () => new MongoUpkeep(connection),
    async close() {
      await Promise.all(brokers.map((broker) => broker.close()));
      await changes.close();
      await connection.close();
    },
  };
}
