import { expect, test } from "@jest/globals";
import { QueueMismatchError, type QueueMode, type QueueRecord, type WakeupListener, type Wakeups } from "@tandemq/core";
import { ServedQueues } from "../../src/modes/served-queues.js";

type Deployment = ConstructorParameters<typeof ServedQueues>[1];

/** Wake-ups that the test gives itself. */
function listened(): { wakeups: Wakeups; hears: () => WakeupListener } {
  let heard: WakeupListener = {};
  const listen = (listener: WakeupListener) => {
    heard = listener;
    return () => undefined;
  };
  return { wakeups: { listen } as unknown as Wakeups, hears: () => heard };
}

test("a tree that is paused or goes on is no queue to serve: it would be recorded as one", async () => {
  const routed: string[] = [];
  const { wakeups, hears } = listened();
  const deployment = {
    route: async (queue: string) => {
      routed.push(queue);
      return { queue, mode: "regular" };
    },
    registry: { queues: async () => [] },
    namesOf: () => [],
    isAsRecorded: () => true,
  } as unknown as Deployment;
  const served = new ServedQueues(["crawl/"], deployment, [wakeups], () => undefined);
  await served.start();
  hears().onWork?.(["crawl/", "crawl/a", "mail"]);
  await Promise.resolve();
  served.close();
  expect(routed).toEqual(["crawl/a"]);
  expect(served.of("regular")).toEqual(["crawl/a"]);
});

/** A worker of all queues whose configuration has `mail` as raw, among records that the test changes. */
function scene(records: Map<string, QueueMode>) {
  const warnings: string[] = [];
  const { wakeups, hears } = listened();
  const deployment = {
    route: async (queue: string) => {
      if ((records.get(queue) ?? "raw") !== "raw") throw new QueueMismatchError(`${queue} is ${records.get(queue)}`);
      return { queue, mode: "raw" };
    },
    registry: { queues: async () => [...records].map(([name, mode]) => ({ name, mode, kind: "fifo" })) },
    namesOf: () => ["mail"],
    isAsRecorded: ({ name, mode }: QueueRecord) => name === "mail" && mode === "raw",
  } as unknown as Deployment;
  const served = new ServedQueues([], deployment, [wakeups], (message) => warnings.push(message));
  const look = async () => {
    hears().onLagged?.();
    await new Promise(setImmediate);
  };
  return { served, warnings, look };
}

test("a queue that is recorded otherwise is told once, and served once it was migrated", async () => {
  const records = new Map<string, QueueMode>([["mail", "regular"]]);
  const { served, warnings, look } = scene(records);
  await served.start();
  await look();
  expect(served.of("raw")).toEqual([]);
  expect(served.mismatched).toEqual(["mail"]);
  expect(warnings).toEqual(['queue "mail" is not served: mail is regular']);
  records.set("mail", "raw");
  await look();
  expect(served.of("raw")).toEqual(["mail"]);
  expect(served.mismatched).toEqual([]);
  served.close();
});

test("a queue whose record is dropped is served as it is configured", async () => {
  const records = new Map<string, QueueMode>([["mail", "regular"]]);
  const { served, look } = scene(records);
  await served.start();
  records.clear();
  await look();
  served.close();
  expect(served.of("raw")).toEqual(["mail"]);
});

test("a queue that is migrated away from what a worker has is told once, and goes on to be served for those like it", async () => {
  const records = new Map<string, QueueMode>([["mail", "raw"]]);
  const { served, warnings, look } = scene(records);
  await served.start();
  expect(served.mismatched).toEqual([]);
  records.set("mail", "regular");
  await look();
  await look();
  served.close();
  expect(served.mismatched).toEqual(["mail"]);
  expect(served.of("raw")).toEqual(["mail"]);
  expect(warnings).toEqual(['queue "mail" is served here as it was before it was migrated: mail is regular']);
});

test("a queue of others, without a mode in this configuration, is told as not served and warned of by nobody", async () => {
  const { served, warnings } = scene(new Map([["theirs", "regular"]]));
  await served.start();
  served.close();
  expect(served.mismatched).toEqual(["theirs"]);
  expect(warnings).toEqual([]);
});
