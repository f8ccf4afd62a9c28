import { describe, expect, test } from "@jest/globals";
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

describe("a job whose keys its executor tells", () => {
  const limits = [
    { key: null, concurrency: 1 },
    { key: "all", max: 1, per: 60_000 },
  ];
  const told = (one: Claim) => ({ ...one, settings: { limitKeys: ["own", "all"] } });
  function stage(limitsOfQueue: Source["limits"] = () => []) {
    const limiter = new MemoryLimiter();
    const deployment = { limiter, route: createMemoryDeployment().route };
    const admission = new Admission({ deployment, lease: 60_000, extendEvery: 20_000, onError: () => {} });
    admission.learn({ t: { limits } } as unknown as Catalog);
    const source = { broker: new MemoryBroker(), limits: limitsOfQueue } as unknown as Source;
    const claimed = async (one: Claim) => (await admission.of(source)?.([one], 1))?.[0];
    return { admission, claimed, ofTask: (one: Claim) => admission.ofTask({ claim: told(one), source }) };
  }

  test("is counted once, when they are known", async () => {
    const { admission, claimed, ofTask } = stage();
    const one = { ...claim("a"), params: "{}" };
    expect(await claimed(one)).toBe(0);
    expect(await ofTask(one)).toBe(0);
    expect(await ofTask({ ...claim("b"), params: "{}" })).toBeGreaterThan(0);
    admission.over({ claim: one } as Delivery);
    await admission.stop();
  });

  test("gives back what its queue's limits gave when those of its task refuse it", async () => {
    const { admission, claimed, ofTask } = stage(() => [{ key: "queue", max: 2, per: 60_000 }]);
    const [runs, waits, later] = ["a", "b", "c"].map((id) => ({ ...claim(id), params: "{}" }));
    for (const one of [runs, waits] as Claim[]) expect(await claimed(one)).toBe(0);
    expect(await ofTask(runs as Claim)).toBe(0);
    expect(await ofTask(waits as Claim)).toBeGreaterThan(0);
    expect(await claimed(later as Claim)).toBe(0);
    admission.over({ claim: runs } as Delivery);
    await admission.stop();
  });
});

test("a job that is claimed after its startBy is limited: brokers keep those back that will not run", async () => {
  const deployment = { limiter: new MemoryLimiter(), route: createMemoryDeployment().route };
  const admission = new Admission({ deployment, lease: 60_000, extendEvery: 20_000, onError: () => {} });
  admission.learn({ t: { limits: [{ key: "k", max: 1, per: 60_000 }] } } as unknown as Catalog);
  const claims = ["a", "b"].map((id) => ({ ...claim(id), startBy: 1, claimedAt: 2, attempt: 1, lost: 0 }));
  const verdicts = await admission.of({ broker: new MemoryBroker() } as unknown as Source)?.(claims, 2);
  expect(verdicts).toEqual([0, expect.any(Number)]);
  expect(verdicts?.[1]).toBeGreaterThan(0);
  await admission.stop();
});

describe("a job that may start soon", () => {
  const rate = { key: "k", max: 1, per: 50 };
  async function ask(limits: readonly object[], count: number) {
    const deployment = { limiter: new MemoryLimiter(() => 1_000_000), route: createMemoryDeployment().route };
    const admission = new Admission({ deployment, lease: 60_000, extendEvery: 20_000, onError: () => {} });
    admission.learn({ t: { limits } } as unknown as Catalog);
    const claims = Array.from({ length: count }, (_, i) => claim(`${i}`));
    const verdicts = await admission.of({ broker: new MemoryBroker() } as unknown as Source)?.(claims, count);
    return { verdicts, claims, admission };
  }

  test("is let go and told when, until it is over", async () => {
    const before = performance.now();
    const { verdicts, claims, admission } = await ask([rate], 6);
    expect(verdicts?.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(verdicts?.[5]).toBeGreaterThan(200);
    const [now, soon] = claims.map((one) => admission.starts.of(one));
    expect(now).toBeUndefined();
    expect(soon).toBeGreaterThanOrEqual(before + 50);
    admission.over({ claim: claims[1] } as Delivery);
    expect(admission.starts.of(claims[1] as Claim)).toBeUndefined();
    await admission.stop();
  });

  test("waits where two rates count it: one of them would count it too early", async () => {
    const { verdicts, admission } = await ask([rate, { ...rate, max: 2 }], 2);
    expect(verdicts?.[0]).toBe(0);
    expect(verdicts?.[1]).toBeGreaterThan(0);
    await admission.stop();
  });
});
