import { createMongo } from "@tandemq/mongo";
import { MongoClient } from "mongodb";
import { mongoUrl } from "../../support/stores.js";
import { unique } from "../../support/unique.js";
import { shapeOf } from "../shapes.js";
import type { Subject } from "../subject.js";

export const mongoSubject: Subject = {
  name: "mongo",
  keepsSuccesses: true,
  keepsFailures: true,
  countsFinished: true,
  knowsEnded: "at enqueue",
  kinds: false,
  producerTellsTime: true,
  longLine: 100_000,
  async open() {
    const url = mongoUrl(unique("tq"));
    const stores = [createMongo({ url }), createMongo({ url })] as const;
    const [broker, other] = [stores[0].broker({ shapeOf }), stores[1].broker({ shapeOf })];
    await Promise.all([broker.start(), other.start()]);
    const close = async () => {
      await Promise.all([broker.close(), other.close()]);
      await Promise.all(stores.map((store) => store.close()));
      await dropDatabase(url);
    };
    return { broker, other, close };
  },
};

/** Deletes the database that the URL names. */
export async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  await client.db().dropDatabase();
  await client.close();
}
