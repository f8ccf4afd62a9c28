import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { type JobLogs, type LogChunk, MemoryJobLogs, type Outcome, newJobId } from "@tandemq/core";
import { pino } from "pino";
import type { Delivery } from "../../src/delivery.js";
import { LogKeeper } from "../../src/supervisor/desk/log-keeper.js";

const logger = pino({ level: "silent" });
const failed: Outcome = { status: "failed", error: { name: "Error", message: "no" } };

function newDelivery(source: "regular" | "no-storage" = "regular"): Delivery {
  const claim = { id: newJobId(), attempt: 1, deliveries: 1 };
  return { n: 1, claim, source: { name: source }, since: 0, state: "running" } as unknown as Delivery;
}

const line = (message: string) => ({ n: 1, at: Date.now(), level: "info" as const, message });

async function messages(logs: JobLogs, { claim }: Delivery): Promise<string[]> {
  return (await logs.read(claim.id)).flatMap(({ lines }) => lines.map(({ message }) => message));
}

test("keeps lines while the job runs, and the rest when it stops", async () => {
  const logs = new MemoryJobLogs();
  const keeper = new LogKeeper(logs, logger, () => {});
  const delivery = newDelivery();
  keeper.add(delivery, line("one"));
  while ((await messages(logs, delivery)).length === 0) await pause(10);
  keeper.add(delivery, line("two"));
  keeper.ended(delivery, { status: "success" });
  await keeper.stop();
  expect(await messages(logs, delivery)).toEqual(["one", "two"]);
});

test("of no-storage jobs keeps the lines of failures alone", async () => {
  const logs = new MemoryJobLogs();
  const keeper = new LogKeeper(logs, logger, () => {});
  const [good, bad, back] = [newDelivery("no-storage"), newDelivery("no-storage"), newDelivery("no-storage")];
  for (const delivery of [good, bad, back]) keeper.add(delivery, line("a line"));
  keeper.ended(good, { status: "success" });
  keeper.ended(bad, failed);
  keeper.ended(back, { status: "interrupt" });
  await keeper.stop();
  expect(await messages(logs, bad)).toEqual(["a line"]);
  expect(await messages(logs, good)).toEqual([]);
  expect(await messages(logs, back)).toEqual([]);
});

test("a store that fails is asked again with the same chunks, and nobody waits for it", async () => {
  const logs = new MemoryJobLogs();
  const errors: unknown[] = [];
  let broken = true;
  const asked: LogChunk[] = [];
  const flaky: JobLogs = {
    append: async (chunks) => {
      asked.push(...chunks);
      if (broken) throw new Error("away");
      await logs.append(chunks);
    },
    trim: async () => {},
    read: (job) => logs.read(job),
  };
  const keeper = new LogKeeper(flaky, logger, (error) => errors.push(error));
  const delivery = newDelivery();
  keeper.add(delivery, line("kept"));
  while (asked.length < 2) await pause(10);
  broken = false;
  while ((await messages(logs, delivery)).length === 0) await pause(10);
  await keeper.stop();
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
  expect(errors).toHaveLength(1);
});

test("what waits is bounded: the oldest lines go, and are counted in what is kept", async () => {
  const logs = new MemoryJobLogs();
  const keeper = new LogKeeper(logs, logger, () => {});
  const delivery = newDelivery();
  for (let i = 1; i <= 3000; i++) keeper.add(delivery, line(`${i}`));
  await keeper.stop();
  const kept = await logs.read(delivery.claim.id);
  expect(kept.reduce((sum, { lines, dropped }) => sum + lines.length + dropped, 0)).toBe(3000);
  expect(kept.flatMap(({ lines }) => lines)).toHaveLength(1000);
});

test("without a place to keep them there is nothing to do", async () => {
  const keeper = new LogKeeper(undefined, logger, () => {});
  keeper.add(newDelivery(), line("x"));
  await keeper.stop();
});
