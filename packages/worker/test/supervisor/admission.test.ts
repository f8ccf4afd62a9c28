import { expect, test } from "@jest/globals";
import { type Claim, createMemoryDeployment, MemoryBroker, MemoryLimiter, type Source } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import { Admission } from "../../src/supervisor/admission/admission.js";
import type { Catalog } from "../../src/tasks/task-registry.js";

const catalog = { t: { limits: [{ key: "k", concurrency: 1 }] } } as unknown as Catalog;
const claim = (id: string) => ({ id, token: "of both", path: "t", queue: "q", settings: {} }) as unknown as Claim;

test("a job that is given back leaves the place of one that was claimed with it", async () => {
  const limiter = new MemoryLimiter();
  const deployment = { limiter, route: createMemoryDeployment().route };
  const admission = new Admission({ deployment, lease: 60_000, extendEvery: 20_000, onError: () => {} });
  admission.learn(catalog);
  const [runs, waits] = [claim("a"), claim("b")];
  const source = { broker: new MemoryBroker() } as unknown as Source;
  const ask = (one: Claim) => admission.ofTask({ claim: one, source });
  expect(await ask(runs)).toBe(0);
  expect(await ask(waits)).toBeGreaterThan(0);
  admission.opened([runs, waits]);
  admission.over({ claim: waits } as Delivery);
  await admission.stop();
  expect(await ask(waits)).toBeGreaterThan(0);
  admission.over({ claim: runs } as Delivery);
  await admission.stop();
});
