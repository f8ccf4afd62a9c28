import { expect, test } from "@jest/globals";
import type { WakeupListener, Wakeups } from "@tandemq/core";
import { ServedQueues } from "../../src/modes/served-queues.js";

test("a tree that is paused or goes on is no queue to serve: it would be recorded as one", async () => {
  const routed: string[] = [];
  let hears: WakeupListener = {};
  const wakeups = {
    listen: (listener: WakeupListener) => {
      hears = listener;
      return () => undefined;
    },
  } as unknown as Wakeups;
  const deployment = {
    route: async (queue: string) => {
      routed.push(queue);
      return { queue, mode: "regular" };
    },
    registry: { queues: async () => [] },
    namesOf: () => [],
    isAsRecorded: () => true,
  } as unknown as ConstructorParameters<typeof ServedQueues>[1];
  const served = new ServedQueues(["crawl/"], deployment, [wakeups], () => undefined);
  await served.start();
  hears.onWork?.(["crawl/", "crawl/a", "mail"]);
  await Promise.resolve();
  served.close();
  expect(routed).toEqual(["crawl/a"]);
  expect(served.of("regular")).toEqual(["crawl/a"]);
});
