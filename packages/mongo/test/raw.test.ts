import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Claim, newJobId } from "@tandemq/core";
import { unique } from "../../../test/support/unique.js";
import { done, foreign, settlement, Stage, states } from "./support/stage.js";

describe("documents of raw jobs", () => {
  const s = new Stage();
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  const newClaim = (queue: string, over: Partial<Claim> = {}): Claim => ({
    ...{ id: newJobId(), queue, token: unique("token"), path: "test.task", params: '{"n":1}', priority: 0 },
    ...{ generation: 1, attempt: 1, deliveries: 1, lost: 0, settings: {}, queuedAt: Date.now(), claimedAt: Date.now() },
    ...over,
  });

  test("are not claimed, counted, changed or purged by the broker, whatever their status", async () => {
    const queue = unique("q");
    const claims = Array.from({ length: 4 }, () => newClaim(queue));
    await s.store.recordStarts(claims, "worker");
    const [, retried, given, over] = claims;
    if (!retried || !given || !over) throw new Error("four were made");
    const ends = [
      settlement(retried, { status: "retry", delay: 0 }),
      settlement(given, { status: "interrupt" }),
      settlement(over, done),
    ];
    expect(states(await s.store.recordOutcomes(ends))).toEqual(["settled", "settled", "settled"]);
    for (const max of [1, 10]) expect(await s.claim(queue, max)).toEqual([]);
    expect(await s.broker.purge(queue)).toBe(0);
    expect(new Set(Object.values((await s.broker.counts([queue])).get(queue) ?? {}))).toEqual(new Set([0]));
    expect(await s.broker.find({ queue })).toEqual([]);
    expect(await s.broker.find({ queue, order: "head" })).toEqual([]);
    const missing = claims.map(() => "missing");
    expect(await s.broker.cancel(claims)).toEqual(missing);
    expect(await s.broker.requeue(claims)).toEqual(missing);
    expect(await s.broker.remove(claims)).toEqual(missing);
    expect((await s.store.counts([queue])).get(queue)).toEqual({ started: 1, retry: 1, interrupt: 1, success: 1 });
    await s.store.recordRequeue([{ id: over.id, generation: 2 }]);
    expect(await s.claim(queue)).toEqual([]);
  });

  test("the broker's own are no business of the store", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = newClaim(queue, { id });
    expect(await s.store.recordStarts([claim], "worker")).toEqual(["final"]);
    expect(await s.store.get([id])).toEqual([undefined]);
    expect(await s.store.find({ queue })).toEqual([]);
    expect(await s.store.remove([id])).toEqual(["missing"]);
    expect(await s.claim(queue)).toHaveLength(1);
  });

  test("a foreign insert cannot pass for one by leaving out its due time", async () => {
    await expect(s.jobs.insertOne(foreign("q", { due: undefined }), { ignoreUndefined: true })).rejects.toThrow();
  });

  test("an outcome whose start was rolled back makes its document from the claim", async () => {
    const queue = unique("q");
    const [first, later, none] = [newClaim(queue), newClaim(queue, { generation: 2 }), newClaim(queue)];
    await s.store.recordStarts([{ ...later, generation: 1, token: "former" }], "worker");
    await s.store.recordOutcomes([settlement({ ...later, generation: 1, token: "former" }, done)]);
    const ends = [settlement(first, done), settlement(later, { status: "retry", delay: 1000 })];
    expect(states(await s.store.recordOutcomes(ends, [first, later]))).toEqual(["settled", "settled"]);
    expect(states(await s.store.recordOutcomes(ends, [first, later]))).toEqual(["settled", "settled"]);
    expect(await s.store.get([first.id, later.id])).toMatchObject([
      { status: "success", token: first.token, params: { n: 1 }, attempt: 1, generation: 1, result: { ok: true } },
      { status: "retry", token: later.token, generation: 2, attempt: 1 },
    ]);
    expect(states(await s.store.recordOutcomes([settlement(none, done)]))).toEqual(["lost"]);
    expect(await s.store.get([none.id])).toEqual([undefined]);
  });

  test("an outcome does not make a document over that of another delivery", async () => {
    const queue = unique("q");
    const claim = newClaim(queue);
    await s.store.recordStarts([{ ...claim, token: "another" }], "worker");
    expect(states(await s.store.recordOutcomes([settlement(claim, done)], [claim]))).toEqual(["lost"]);
    expect(await s.store.get([claim.id])).toMatchObject([{ status: "started", token: "another" }]);
  });

  test("a thousand starts, some of them again, in one call", async () => {
    const queue = unique("q");
    const claims = Array.from({ length: 1000 }, () => newClaim(queue));
    await s.store.recordStarts(claims.slice(0, 500), "worker");
    await s.store.recordOutcomes(claims.slice(0, 100).map((claim) => settlement(claim, done)));
    const again = claims.map((claim, i) => (i < 500 ? { ...claim, token: `again-${i}`, deliveries: 2 } : claim));
    const answers = await s.store.recordStarts(again, "worker");
    expect(answers).toEqual(again.map((_, i) => (i < 100 ? "final" : "started")));
    expect(await s.store.get([again[200]?.id ?? ""])).toMatchObject([{ token: "again-200", deliveries: 2 }]);
    expect(await s.jobs.countDocuments({ queue })).toBe(1000);
  });

  const odd: [string, string][] = [
    ["too deep", `${'{"a":'.repeat(250)}1${"}".repeat(250)}`],
    ["with NUL in a key", '{"a\\u0000b":1}'],
    ["that are no JSON", "{"],
  ];
  test.each(odd)(
    "params %s do not hold up the others of a batch: that document goes without",
    async (_what, params) => {
      const queue = unique("q");
      for (const deliveries of [1, 2]) {
        const claims = Array.from({ length: 9 }, (_, i) => newClaim(queue, { deliveries, ...(i === 4 && { params }) }));
        expect(await s.store.recordStarts(claims, "worker")).toEqual(claims.map(() => "started"));
        const stored = await s.store.get(claims.map(({ id }) => id));
        expect(stored.map((job) => job?.error?.name)).toEqual(
          claims.map((_, i) => (i === 4 ? "MalformedJobError" : undefined)),
        );
        expect(states(await s.store.recordOutcomes(claims.map((claim) => settlement(claim, done))))).toEqual(
          claims.map(() => "settled"),
        );
      }
    },
  );

  test.each(odd)(
    "a run with params %s does not hold up the others: its document goes without",
    async (_what, params) => {
      const queue = unique("q");
      const claims = Array.from({ length: 9 }, (_, i) => newClaim(queue, i === 4 ? { params } : {}));
      const runs = claims.map((claim) => ({ claim, worker: "worker", settlement: settlement(claim, done) }));
      expect(states(await s.store.recordRuns(runs))).toEqual(claims.map(() => "settled"));
      const stored = await s.store.get(claims.map(({ id }) => id));
      expect(stored.map((job) => [job?.status, job?.worker, job?.params])).toEqual(
        claims.map((_, i) => ["success", "worker", i === 4 ? {} : { n: 1 }]),
      );
    },
  );

  test("a run whose result MongoDB cannot hold is refused, and can fail instead", async () => {
    const queue = unique("q");
    const [claim, other] = [newClaim(queue), newClaim(queue)];
    const deep = JSON.parse(`${'{"a":'.repeat(250)}1${"}".repeat(250)}`) as object;
    const ends = [settlement(claim, { status: "success", result: deep as never }), settlement(other, done)];
    const runs = ends.map((one, i) => ({ claim: i === 0 ? claim : other, worker: "worker", settlement: one }));
    expect(states(await s.store.recordRuns(runs))).toEqual(["refused", "settled"]);
    const failed = settlement(claim, { status: "failed", error: { name: "Error", message: "too deep" } });
    expect(states(await s.store.recordRuns([{ claim, worker: "worker", settlement: failed }]))).toEqual(["settled"]);
    expect(await s.store.get([claim.id])).toMatchObject([{ status: "failed" }]);
  });

  test("a final job that MongoDB cannot hold is recorded without its params, the others whole", async () => {
    const queue = unique("q");
    const jobs = Array.from({ length: 3 }, (_, i) => ({
      ...{ id: newJobId(), queue, v: 1, path: "test.task", priority: 0, generation: 1, status: "failed" as const },
      ...{ attempt: 1, deliveries: 1, lost: 0, settings: {}, queuedAt: new Date(), history: [] },
      params: i === 1 ? { "a\0b": 1 } : { n: i },
    }));
    await s.store.record(jobs);
    const stored = await s.store.get(jobs.map(({ id }) => id));
    expect(stored.map((job) => job?.params)).toEqual([{ n: 0 }, {}, { n: 2 }]);
    expect(stored.map((job) => job?.deleteAt instanceof Date)).toEqual([true, true, true]);
  });
});
