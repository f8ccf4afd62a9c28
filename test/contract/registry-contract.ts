import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Registry, WorkerRecord } from "@tandemq/core";
import { unique } from "../support/unique.js";
import { waitFor } from "../support/wait-for.js";

/** A registry under test, and how to end what it stands on. */
export interface RegistryHarness {
  readonly registry: Registry;
  close(): Promise<void>;
}

/** Every promise of the `Registry` port, as tests. */
export function registryContract(name: string, open: () => Promise<RegistryHarness>): void {
  describe(`the contract of registries: ${name}`, () => {
    let harness: RegistryHarness;
    let registry: Registry;
    beforeAll(async () => {
      harness = await open();
      registry = harness.registry;
    });
    afterAll(() => harness.close());

    test("the first record of a queue holds until it is forgotten", async () => {
      const queue = unique("queue");
      const first = { name: queue, mode: "raw", kind: "fifo" } as const;
      const second = { name: queue, mode: "regular", kind: "set" } as const;
      expect(await registry.recordQueue(first)).toEqual({ ...first, isNew: true });
      expect(await registry.recordQueue(second)).toEqual(first);
      expect((await registry.queues()).filter((record) => record.name === queue)).toEqual([first]);
      await registry.forgetQueue(queue);
      expect((await registry.queues()).filter((record) => record.name === queue)).toEqual([]);
      expect(await registry.recordQueue(second)).toEqual({ ...second, isNew: true });
      await registry.forgetQueue(unique("queue"));
    });

    test("of many that record a queue at once, one is agreed on", async () => {
      const name = unique("queue");
      const modes = ["regular", "raw", "no-storage"] as const;
      const asked = Array.from({ length: 12 }, (_, i) =>
        registry.recordQueue({ name, mode: modes[i % 3] ?? "raw", kind: "fifo" }),
      );
      const told = new Set((await Promise.all(asked)).map((record) => record.mode));
      expect(told.size).toBe(1);
    });

    test("a heartbeat shows the worker as it last was", async () => {
      const worker = newWorker();
      await registry.heartbeat(worker, 60_000);
      await registry.heartbeat({ ...worker, state: "stopping", report: { jobs: ["a"], loop: 1.5 } }, 60_000);
      const seen = await find(registry, worker.id);
      expect(seen).toMatchObject({ ...worker, state: "stopping", report: { jobs: ["a"], loop: 1.5 } });
      expect(Math.abs((seen?.seenAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    });

    test("a request to cancel is kept until it is dropped, or its time is over", async () => {
      const queue = unique("queue/");
      const request = (id: string, generation: number) => ({ id: id.repeat(24), generation, queue });
      const [first, next, brief] = [request("a", 1), request("a", 2), request("b", 1)];
      const mine = async () => (await registry.cancelRequests()).filter((one) => one.queue === queue);
      await registry.requestCancel([first, next], 60_000);
      await registry.requestCancel([first], 60_000);
      expect((await mine()).sort((a, b) => a.generation - b.generation)).toEqual([first, next]);
      await registry.dropCancelRequests([first, request("c", 1)]);
      expect(await mine()).toEqual([next]);
      await registry.requestCancel([brief], 1);
      await waitFor("the brief one is forgotten", async () => {
        await registry.requestCancel([next], 60_000);
        return !(await mine()).some(({ id }) => id === brief.id);
      });
      await registry.requestCancel([], 60_000);
      await registry.dropCancelRequests([]);
      expect(await mine()).toEqual([next]);
    });

    test("a worker that says goodbye is gone at once", async () => {
      const [worker, other] = [newWorker(), newWorker()];
      await registry.heartbeat(worker, 60_000);
      await registry.heartbeat(other, 60_000);
      await registry.forgetWorker(worker.id);
      await registry.forgetWorker(unique("worker"));
      expect(await find(registry, worker.id)).toBeUndefined();
      expect(await find(registry, other.id)).toBeDefined();
    });

    test("a worker that falls silent vanishes after its time, one that goes on stays", async () => {
      const [silent, alive] = [newWorker(), newWorker()];
      await registry.heartbeat(alive, 60_000);
      await registry.heartbeat(silent, 100);
      await waitFor("the silent worker to vanish", async () => !(await find(registry, silent.id)));
      expect(await find(registry, alive.id)).toBeDefined();
    });
  });
}

async function find(registry: Registry, id: string): Promise<WorkerRecord | undefined> {
  return (await registry.workers()).find((worker) => worker.id === id);
}

function newWorker(): Omit<WorkerRecord, "seenAt"> {
  const fixed = {
    host: "host",
    pid: 1,
    startedAt: new Date(1_700_000_000_000),
    queues: ["a", "b/*"],
    concurrency: 25,
    processes: 4,
  };
  return { id: unique("worker"), ...fixed, state: "running", report: { memory: 1 } };
}
