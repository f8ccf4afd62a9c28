/**
 * Agenda on MongoDB with its documented defaults: it polls every five seconds. The variant `streams` adds the change
 * streams that its documentation offers for replica sets. It keeps no results; finished jobs stay in its collection.
 */
import { readFileSync } from "node:fs";
import { MongoBackend, MongoChangeStreamNotificationChannel } from "@agendajs/mongo-backend";
import { Agenda } from "agenda";
import { MongoClient } from "mongodb";
import { works } from "../lib/work.mjs";

export function agenda({ streams = false } = {}) {
  async function open({ mongoUrl }, options = {}) {
    const mongo = await MongoClient.connect(mongoUrl);
    const db = mongo.db();
    const channel = streams && { notificationChannel: new MongoChangeStreamNotificationChannel({ db }) };
    const queue = new Agenda({ backend: new MongoBackend({ mongo: db }), ...channel, ...options });
    await queue.ready;
    return { queue, close: () => mongo.close() };
  }

  return {
    name: streams ? "agenda streams" : "agenda",
    versions: () => ({ agenda: versionOf("agenda"), "agenda mongo-backend": versionOf("@agendajs/mongo-backend") }),

    async producer(setup) {
      const { queue, close } = await open(setup);
      const add = (params) => queue.now(setup.task, params);
      return { add, addMany: (list) => Promise.all(list.map(add)), close };
    },

    async worker(setup) {
      const { concurrency, task } = setup;
      const { queue, close } = await open(setup, { maxConcurrency: concurrency, defaultConcurrency: concurrency });
      queue.define(task, async (job) => works[task](job.attrs.data, 1));
      await queue.start();
      return {
        stop: async () => {
          await queue.drain();
          await close();
        },
      };
    },

    async look({ mongoUrl }) {
      const mongo = await MongoClient.connect(mongoUrl);
      const jobs = mongo.db().collection("agendaJobs");
      const [over, bad] = ["lastFinishedAt", "failedAt"].map((field) => ({ [field]: { $type: "date" } }));
      const [all, done, failed] = await Promise.all([{}, over, bad].map((filter) => jobs.countDocuments(filter)));
      await mongo.close();
      return { waiting: all - done, running: 0, done: done - failed, failed, wrong: 0 };
    },
  };
}

function versionOf(name) {
  // Its packages do not let anybody import their package.json.
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
}
