import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type CommandStartedEvent, MongoClient } from "mongodb";
import { inTime } from "../../../test/support/patience.js";
import { unique } from "../../../test/support/unique.js";
import { createMongo } from "../src/index.js";
import { foreign, Stage } from "./support/stage.js";

/** A clock of this process that can be put forward, by milliseconds. */
function moveClock(): (ms: number) => void {
  const now = performance.now.bind(performance);
  let ahead = 0;
  jest.spyOn(performance, "now").mockImplementation(() => now() + ahead);
  return (ms) => void (ahead += ms);
}

describe("a claim where nothing was told since the last one found nothing", () => {
  const s = new Stage();
  const client = new MongoClient(s.url, { monitorCommands: true });
  const told = { work: () => {}, finished: () => {}, cancel: () => {}, listen: () => () => {} };
  const mongo = createMongo({ client, wakeups: told });
  const broker = mongo.broker();
  let commands: string[] = [];
  beforeAll(async () => {
    await broker.start();
    client.on("commandStarted", ({ commandName }: CommandStartedEvent) => commands.push(commandName));
  });
  afterAll(async () => {
    await mongo.close();
    await client.close();
    await s.close();
  });

  afterEach(() => jest.restoreAllMocks());

  async function claim(queues: readonly string[]): Promise<string[]> {
    const { claims } = await broker.claim({ queues, max: 10, lease: 60_000, worker: "worker" });
    return claims.map(({ queue }) => queue);
  }

  /** A claim and the wait after it, with the commands of both. */
  async function round(queues: readonly string[]): Promise<readonly string[]> {
    commands = [];
    expect(await claim(queues)).toEqual([]);
    await broker.waitForWork(queues, { timeout: 1 });
    return commands;
  }

  test.each([1, 40, 250])("is one command for %i queues, and finds what a foreign program has added", async (count) => {
    const queues = Array.from({ length: count }, () => unique("idle"));
    await round(queues);
    for (let i = 0; i < 3; i++) expect(await round(queues)).toHaveLength(1);
    const wanted = queues.at(-1) ?? "";
    await s.jobs.insertOne(foreign(wanted));
    expect(await claim(queues)).toEqual([wanted]);
  });

  test("finds a job whose time has come", () =>
    inTime(300, async (ms, passed) => {
      const queues = [unique("late"), unique("other")];
      await round(queues);
      await s.jobs.insertOne(foreign(queues[0] ?? "", { due: new Date(Date.now() + ms) }));
      await round(queues);
      passed();
      await broker.waitForWork(queues, { timeout: 15_000 });
      expect(await claim(queues)).toEqual([queues[0]]);
    }));

  test("hands out nothing of a queue that was paused elsewhere, and all of it when that is over", async () => {
    const queues = [unique("paused")];
    await round(queues);
    const other = s.open(s.connect());
    const later = moveClock();
    await other.pause(queues[0] ?? "");
    await s.jobs.insertOne(foreign(queues[0] ?? ""));
    later(600);
    for (let i = 0; i < 3; i++) await round(queues);
    await other.resume(queues[0] ?? "");
    later(600);
    expect(await claim(queues)).toEqual(queues);
  });
});
