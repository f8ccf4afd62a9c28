import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment } from "@tandemq/core";
import { Notes, bench, endWorkers, until } from "./harness.js";

let notes: Notes;

beforeEach(() => {
  notes = new Notes();
});

afterEach(async () => {
  await endWorkers();
  notes.remove();
});

function started(count: number = 1): Promise<true> {
  return until(() => notes.read().filter(({ what }) => what === "start").length >= count, `${count} jobs run`);
}

describe.each([0, 1])("with %i processes, a job that is cancelled while it runs", (processes) => {
  test("ends by its signal, and its request is dropped", async () => {
    const one = await bench({ processes });
    const client = new Client(one.deployment);
    const id = await one.add("polite", { ms: 60_000, ledger: notes.file }, { settings: { attempts: 3 } });
    await one.worker.start();
    await started();
    expect(await client.cancel({ id, queue: "q" })).toBe("requested");
    expect(await client.cancel({ id, queue: "q" })).toBe("requested");
    expect(await one.final(id)).toMatchObject({ status: "cancel", attempt: 1 });
    await until(async () => (await one.deployment.registry.cancelRequests()).length === 0, "the request is dropped");
  });

  test("is told once it runs again, when it went back in line meanwhile", async () => {
    const one = await bench({ processes });
    const id = await one.add("polite", { ms: 60_000, ledger: notes.file });
    await one.deployment.registry.requestCancel([{ id, queue: "q", generation: 1 }], 60_000);
    await one.worker.start();
    expect(await one.final(id)).toMatchObject({ status: "cancel" });
  });

  test("is not run for another attempt", async () => {
    const one = await bench({ processes });
    const settings = { attempts: 5, backoff: { type: "fixed", delay: 3_600_000 } } as const;
    const id = await one.add("fail", {}, { settings });
    await one.worker.start();
    await until(async () => (await one.get(id)).status === "retry", "it waits for its next attempt");
    await one.deployment.registry.requestCancel([{ id, queue: "q", generation: 1 }], 60_000);
    expect(await one.final(id)).toMatchObject({ status: "cancel", attempt: 1 });
  });

  test("keeps its next life", async () => {
    const one = await bench({ processes });
    const end = notes.sign("end");
    const id = await one.add("waits", { until: end.file });
    await one.broker.cancel([{ id, queue: "q" }]);
    await one.broker.requeue([{ id, queue: "q" }]);
    await one.deployment.registry.requestCancel([{ id, queue: "q", generation: 1 }], 60_000);
    await one.worker.start();
    await until(async () => (await one.deployment.registry.cancelRequests()).length === 0, "the request is dropped");
    end.give();
    expect(await one.final(id)).toMatchObject({ status: "success", generation: 2 });
  });
});

test("a job that holds its thread is cancelled by force, its neighbour goes back free", async () => {
  const one = await bench({ processes: 1, concurrency: 2, killAfter: 200 });
  const client = new Client(one.deployment);
  const id = await one.add("endless", { ledger: notes.file });
  const neighbour = await one.add("stubborn", { ms: 3000, ledger: notes.file });
  await one.worker.start();
  await started(2);
  await client.cancel([{ id, queue: "q" }]);
  expect(await one.final(id)).toMatchObject({ status: "cancel", lost: 0 });
  expect(await one.final(neighbour)).toMatchObject({ status: "success", lost: 0, attempt: 1 });
});

test("requests are looked for again after the registry was away, and not while nothing runs", async () => {
  const deployment = createMemoryDeployment();
  let [looks, away] = [0, true];
  const registry = deployment.registry;
  const flaky = new Proxy(registry, {
    get: (target, name) => {
      if (name !== "cancelRequests") return (Reflect.get(target, name) as () => unknown).bind(target);
      looks++;
      return away ? () => Promise.reject(new Error("no registry")) : () => target.cancelRequests();
    },
  });
  Object.defineProperty(deployment, "registry", { value: flaky });
  const one = await bench({ processes: 0, deployment });
  const id = await one.add("polite", { ms: 60_000, ledger: notes.file });
  await one.worker.start();
  await started();
  await registry.requestCancel([{ id, queue: "q", generation: 1 }], 60_000);
  await until(() => looks >= 2, "it looks again");
  away = false;
  expect(await one.final(id)).toMatchObject({ status: "cancel" });
});
