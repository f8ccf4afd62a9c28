import { describe, expect, test } from "@jest/globals";
import type { Json, Outcome } from "@tandemq/core";
import { failure, idsOf, type Stage, settlement, success } from "../stage.js";
import { claimed } from "./settle.js";

const mebibyte = "x".repeat(1024 * 1024 - 100);

function nested(levels: number): Json {
  return levels === 0 ? "bottom" : { in: nested(levels - 1) };
}

const impossible: Record<string, Outcome> = {
  "150 levels deep": { status: "success", result: nested(150) },
  "with NUL in a key": { status: "success", result: { "a\0b": 1 } },
  "with a key of the driver's own": { status: "success", result: { _bsontype: "Long" } },
};

export function payloadContract(stage: () => Stage): void {
  describe("payload", () => {
    test.each(Object.keys(impossible))("an outcome %s does not take its batch along", async (name) => {
      const s = stage();
      const claims = await claimed(s, 40);
      const batch = claims.map((claim, i) => settlement(claim, i === 17 ? (impossible[name] ?? success) : success));
      const states = (await s.broker.settle(batch)).map(({ state }) => state);
      const bad = states.splice(17, 1)[0];
      expect(states).toEqual(Array(39).fill("settled"));
      expect(["settled", "refused"]).toContain(bad);
      const claim = claims[17];
      if (bad === "refused" && claim) {
        expect(await s.job(claim.id)).toMatchObject({ status: "started", token: claim.token });
        expect(await s.settle(claim, failure)).toBe("settled");
      }
      expect((await s.broker.counts([s.queue])).get(s.queue)).toMatchObject({ queued: 0, started: 0 });
    });

    test("20 results of 1 MiB, one lost and many small ones in one batch", async () => {
      const s = stage();
      const claims = await claimed(s, 60);
      const large: Outcome = { status: "success", result: { mebibyte } };
      const batch = claims.map((claim, i) => settlement(claim, i % 3 === 0 ? large : success));
      batch[30] = { ...batch[30], token: "stolen" } as (typeof batch)[0];
      const states = (await s.broker.settle(batch)).map(({ state }) => state);
      expect(states.splice(30, 1)).toEqual(["lost"]);
      expect(states).toEqual(Array(59).fill("settled"));
      const job = await s.job(claims[0]?.id ?? "");
      expect(job?.result).toEqual(s.subject.keepsSuccesses ? { mebibyte } : undefined);
    });

    test("20 params of 1 MiB in one batch, claimed in one claim", async () => {
      const s = stage();
      await s.enqueueMany(20, { params: JSON.stringify({ mebibyte }) });
      const claims = await s.claim({ max: 20 });
      expect(claims).toHaveLength(20);
      for (const { params } of claims) expect(params.length).toBeGreaterThan(mebibyte.length);
    });

    test("params that the store cannot hold are refused alone, at the enqueue or by being set aside", async () => {
      const s = stage();
      const jobs = [
        s.newJob(),
        s.newJob({ params: JSON.stringify({ deep: nested(150) }) }),
        s.newJob({ params: '{"a\\u0000b":1}' }),
        s.newJob(),
      ];
      const answers = await s.broker.enqueue(jobs);
      expect(answers).toMatchObject([{ state: "enqueued" }, {}, {}, { state: "enqueued" }]);
      const accepted = jobs.filter((_, i) => answers[i]?.state === "enqueued");
      const { claims, setAside } = await s.broker.claim({ queues: [s.queue], max: 10, lease: 60_000, worker: "w" });
      expect([...idsOf(claims), ...idsOf(setAside)].sort()).toEqual(idsOf(accepted).sort());
      expect(idsOf(claims)).toEqual(expect.arrayContaining([jobs[0]?.id, jobs[3]?.id]));
    });

    test.each([
      '{"a":"ünïcödé 🎉","b":[1.5,-0.001,1e300,9007199254740991],"c":{"":{"$set":1,"a.b":2}}}',
      '{"__proto__":{"x":1},"constructor":1,"id":"x","due":5,"token":null}',
      "{}",
    ])("params %s come as they went", async (params) => {
      const s = stage();
      const claim = await s.started({ params });
      expect(JSON.parse(claim.params)).toEqual(JSON.parse(params));
    });
  });
}
