import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { BrokerUnavailableError, type Claim, type Json, type Outcome } from "@tandemq/core";
import { MongoNetworkError } from "mongodb";
import { unique } from "../../../test/support/unique.js";
import { done, loseAnswers, settlement, Stage, states } from "./support/stage.js";

describe("outcomes", () => {
  const s = new Stage();
  const cut = new MongoNetworkError("connection cut");
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  async function held(count: number): Promise<readonly Claim[]> {
    const queue = unique("q");
    await s.enqueue(queue, count);
    return s.claim(queue, count);
  }
  const settle = (claims: readonly Claim[], outcomeOf: (i: number) => Outcome) =>
    s.broker.settle(claims.map((claim, i) => settlement(claim, outcomeOf(i))));

  const impossible: [string, () => Json][] = [
    ["nested too deep for BSON", () => nested(250)],
    ["with NUL in a key", () => ({ "a\0b": 1 })],
    ["of 17 MiB", () => "x".repeat(17 * 1024 * 1024)],
    ["that fits alone but not with its job", () => "x".repeat(16 * 1024 * 1024 - 17 * 1024)],
  ];
  test.each(impossible)("one %s is refused and still held, all others of its batch are settled", async (_what, bad) => {
    const queue = unique("q");
    await s.enqueue(queue, 20, { params: JSON.stringify({ text: "x".repeat(20_000) }) });
    const claims = await s.claim(queue, 20);
    const answers = await settle(claims, (i) => (i === 7 ? { status: "success", result: bad() } : done));
    expect(states(answers)).toEqual(claims.map((_, i) => (i === 7 ? "refused" : "settled")));
    const [, refused] = [0, claims[7]];
    if (!refused) throw new Error("twenty were claimed");
    expect(await s.broker.extend([refused], 60_000)).toEqual(["extended"]);
    const failed: Outcome = { status: "failed", error: { name: "E", message: "m" } };
    expect(states(await s.broker.settle([settlement(refused, failed)]))).toEqual(["settled"]);
  });

  test("twenty of 1 MiB each, and many small ones, in one call", async () => {
    const claims = await held(60);
    const large = "y".repeat(1024 * 1024);
    const answers = await settle(claims, (i) => (i < 20 ? { status: "success", result: large } : done));
    expect(new Set(states(answers))).toEqual(new Set(["settled"]));
    const [job] = await s.broker.get(claims.slice(0, 1));
    expect(job?.result).toBe(large);
  });

  test("values that look like operators or field paths are kept as they are", async () => {
    const claims = await held(2);
    const result = { $set: "$rev", "a.b": "$$NOW", $literal: [1] };
    await settle(claims, () => ({ status: "success", result }));
    expect(await s.broker.get(claims)).toMatchObject([{ result }, { result }]);
  });

  test("every kind in one call, the same job twice, and a stranger's token", async () => {
    const [a, b, c, d] = await held(4);
    if (!a || !b || !c || !d) throw new Error("four were claimed");
    const answers = await s.broker.settle([
      settlement(a, done),
      settlement(a, done),
      settlement(b, { status: "retry", delay: 60_000 }),
      settlement(c, { status: "interrupt", lost: true }),
      settlement({ ...d, token: "stranger" }, done),
      settlement(d, { status: "failed", error: { name: "E", message: "m" } }),
      settlement({ ...d, id: "no-id" }, done),
    ]);
    expect(states(answers)).toEqual(["settled", "settled", "settled", "settled", "lost", "settled", "lost"]);
    expect(await s.broker.get([a, b, c, d])).toMatchObject([
      { status: "success", attempt: 1 },
      { status: "retry", attempt: 1 },
      { status: "interrupt", attempt: 0, lost: 1 },
      { status: "failed", attempt: 1 },
    ]);
  });

  test("a zombie's outcome beside those of its own worker's later claims", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 2);
    const zombies = await s.claim(queue, 2);
    await s.jobs.updateMany({ queue }, { $set: { due: new Date(0) } });
    const again = await s.claim(queue, 2);
    const [one, two] = again;
    const zombie = zombies.find(({ id }) => id === one?.id);
    if (!one || !two || !zombie) throw new Error("two were claimed twice");
    const answers = await s.broker.settle([settlement(zombie, done), settlement(two, done)]);
    expect(states(answers)).toEqual(["lost", "settled"]);
    expect(await s.broker.get([one])).toMatchObject([{ status: "started", lost: 1 }]);
  });

  test.each([
    ["after it acted", true],
    ["before it acted", false],
  ])("an answer lost %s is resolved by asking again", async (_when, acts) => {
    const claims = await held(10);
    loseAnswers(s.connection.jobs, "updateMany", { times: 1, acts, error: cut });
    expect(new Set(states(await settle(claims, () => done)))).toEqual(new Set(["settled"]));
    const jobs = await s.broker.get(claims);
    expect(jobs.map((job) => job?.attempt)).toEqual(claims.map(() => 1));
  });

  test("a server that stays away: unknown, and safe to ask again", async () => {
    const claims = await held(3);
    loseAnswers(s.connection.jobs, "updateMany", { times: 3, acts: true, error: cut });
    await expect(settle(claims, () => done)).rejects.toThrow(BrokerUnavailableError);
    expect(states(await settle(claims, () => done))).toEqual(["settled", "settled", "settled"]);
    const failed: Outcome = { status: "failed", error: { name: "E", message: "m" } };
    await settle(claims, () => failed);
    expect(await s.broker.get(claims)).toMatchObject(claims.map(() => ({ status: "success", attempt: 1 })));
  });

  test("a lost answer to a claim costs no job a loss", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 6);
    loseAnswers(s.connection.quickJobs, "updateMany", { times: 1, acts: true, error: cut });
    expect(await s.claim(queue, 4)).toHaveLength(4);
    loseAnswers(s.connection.quickJobs, "findOneAndUpdate", { times: 1, acts: true, error: cut });
    await expect(s.claim(queue, 1)).rejects.toThrow(BrokerUnavailableError);
    const rest = await s.claim(queue, 10);
    expect(rest).toHaveLength(2);
    expect(rest.map(({ lost }) => lost)).toEqual([0, 0]);
  });
});

function nested(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}
