import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { Client, type Codec, codecOf, createMemoryDeployment, MemoryBroker, newJobId, withCodec } from "@tandemq/core";

const gzip: Codec = {
  name: "gzip",
  encode: (text) => gzipSync(text).toString("base64"),
  decode: async (text) => gunzipSync(Buffer.from(text, "base64")).toString(),
};
const newJob = (params: object) => {
  const fixed = { queue: "q", path: "t", priority: 0, due: { after: 0 } };
  return { id: newJobId(), params: JSON.stringify(params), ...fixed };
};
const request = { queues: ["q"], max: 10, lease: 60_000, worker: "w" };

describe("a codec", () => {
  test("is what is at rest, and nobody above sees it", async () => {
    const below = new MemoryBroker();
    const broker = withCodec(below, gzip);
    const job = newJob({ secret: "x" });
    await broker.enqueue([job]);
    expect(codecOf((await below.get([job]))[0]?.params)).toBe("gzip");
    expect((await broker.get([job]))[0]?.params).toEqual({ secret: "x" });
    const { claims } = await broker.claim(request);
    expect(claims).toMatchObject([{ params: job.params }]);
    await broker.settle([{ ...claims[0]!, outcome: { status: "success", result: [1, "x"] } }]);
    expect(codecOf((await below.get([job]))[0]?.result)).toBe("gzip");
    expect(await broker.find({ queue: "q" })).toMatchObject([{ result: [1, "x"] }]);
  });

  test("reads what is from before it", async () => {
    const below = new MemoryBroker();
    const job = newJob({ old: true });
    await below.enqueue([job]);
    expect((await withCodec(below, gzip).claim(request)).claims).toMatchObject([{ params: '{"old":true}' }]);
  });

  test("params that cannot be encoded are refused, the others are added", async () => {
    const picky: Codec = { ...gzip, encode: (text) => (text.includes("bad") ? reject() : gzip.encode(text)) };
    const broker = withCodec(new MemoryBroker(), picky);
    const answers = await broker.enqueue([newJob({ n: 1 }), newJob({ bad: 1 }), newJob({ n: 2 })]);
    expect(answers.map(({ state }) => state)).toEqual(["enqueued", "refused", "enqueued"]);
    expect(answers[1]).toMatchObject({
      error: { code: "CODEC", message: expect.stringContaining("could not encode") },
    });
    const { claims } = await broker.claim(request);
    const results = [{ ok: 1 }, { bad: 1 }];
    const settled = await broker.settle(
      claims.map((claim, i) => ({ ...claim, outcome: { status: "success", result: results[i]! } as const })),
    );
    expect(settled.map(({ state }) => state)).toEqual(["settled", "refused"]);
  });

  test("a job that cannot be decoded fails for that reason, the others are handed out", async () => {
    const below = new MemoryBroker();
    const [good, other] = [newJob({ n: 1 }), newJob({ n: 2 })];
    await withCodec(below, { ...gzip, name: "other" }).enqueue([other]);
    const broker = withCodec(below, gzip);
    await broker.enqueue([good]);
    const { claims, setAside, ended } = await broker.claim(request);
    expect(claims.map(({ id }) => id)).toEqual([good.id]);
    expect(ended).toMatchObject([{ claim: { id: other.id }, outcome: { status: "failed", error: { code: "CODEC" } } }]);
    expect(setAside).toMatchObject([{ id: other.id, reason: expect.stringContaining('codec "other"') }]);
    expect((await broker.get([other]))[0]).toMatchObject({ status: "failed", error: { name: "CodecError" } });
  });

  test("of a job that has expired, the params are told as they are", async () => {
    const broker = withCodec(new MemoryBroker(), gzip);
    await broker.enqueue([{ ...newJob({ n: 1 }), startBy: { at: 1000 } }]);
    expect((await broker.claim(request)).ended).toMatchObject([{ claim: { params: '{"n":1}' } }]);
  });

  test("jobs cannot be found by encoded params", async () => {
    const broker = withCodec(new MemoryBroker(), gzip);
    await expect(broker.find({ params: { n: 1 } })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
    await expect(broker.select({ params: { n: 1 } })).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
  });

  test("a result that this program cannot decode is an error, not a riddle", async () => {
    const deployment = createMemoryDeployment();
    const client = new Client(deployment);
    const job = await client.enqueue("t", {}, { queue: "q" });
    const { broker } = await deployment.route("q");
    const { claims } = await broker.claim(request);
    await withCodec(broker, gzip).settle([{ ...claims[0]!, outcome: { status: "success", result: 1 } }]);
    await expect(job.result({ timeout: "5s" })).rejects.toMatchObject({ code: "CODEC" });
    await client.close();
  });
});

function reject(): never {
  throw new Error("no");
}
