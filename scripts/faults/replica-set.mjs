import { join } from "node:path";
import { MongoClient } from "mongodb";
import { until } from "./processes.mjs";
import { createStore } from "./stores.mjs";

const name = "tandemq";
const members = 3;

/** One member, before it belongs to a set. */
const member = {
  name: "mongo",
  flags: [
    ...["--replSet", name, "--wiredTigerCacheSizeGB", "0.25", "--nounixsocket"],
    ...["--setParameter", "diagnosticDataCollectionEnabled=false"],
  ],
  urlOf: (port) => `127.0.0.1:${port}`,
  waitUntilReady: async (port) => {
    const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 30_000 });
    await client.db("admin").command({ hello: 1 });
    await client.close();
  },
};

/** A MongoDB replica set of three. What a single server takes for a death is here a primary that steps down. */
export class ReplicaSet {
  #members;
  #client;

  static async create(folder, progress) {
    const made = Array.from({ length: members }, (_, i) =>
      createStore({ kind: member }, join(folder, `m${i}`), progress),
    );
    return new ReplicaSet(await Promise.all(made));
  }

  constructor(stores) {
    this.#members = stores;
    this.url = `mongodb://${stores.map(({ url }) => url).join(",")}/tandemq?replicaSet=${name}`;
  }

  /** Until there is a primary; the first time, the set is made. */
  async start() {
    if (!this.#client) {
      await Promise.all(this.#members.map((store) => store.start()));
      await this.#initiate();
      this.#client = new MongoClient(this.url, { serverSelectionTimeoutMS: 60_000 });
    }
    await this.#client.db("admin").command({ ping: 1 }, { readPreference: "primary" });
  }

  /** The primary steps down for ten seconds: another member is elected, and clients find it. */
  async kill() {
    await this.#client.db("admin").command({ replSetStepDown: 10 });
  }

  async stop() {
    await this.#client?.close();
    await Promise.all(this.#members.map((store) => store.stop()));
  }

  async #initiate() {
    const [first] = this.#members;
    const client = new MongoClient(`mongodb://${first.url}/?directConnection=true`);
    const list = this.#members.map(({ url }, i) => ({ _id: i, host: url }));
    const admin = client.db("admin");
    await admin.command({ replSetInitiate: { _id: name, members: list } });
    await until("a primary is elected", async () => (await admin.command({ hello: 1 })).primary !== undefined, 60_000);
    await client.close();
  }
}
