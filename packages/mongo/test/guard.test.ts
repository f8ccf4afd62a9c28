import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { unique } from "../../../test/support/unique.js";
import { beforeNext, done, foreign, hour, settlement, Stage, states } from "./support/stage.js";

describe("between a claimer's look and its claim", () => {
  const s = new Stage();
  const other = s.open(s.connect());
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  const betweenLookAndClaim = (change: () => Promise<unknown>) =>
    beforeNext(s.connection.quickJobs, "updateMany", change);

  test.each([
    ["a job of our own", (queue: string) => s.newJob(queue)],
    ["a foreign one", undefined],
  ])("an edit of %s: the claim hands out the job as it is now", async (_what, ours) => {
    const queue = unique("q");
    const id = await put(queue, ours?.(queue));
    betweenLookAndClaim(async () => expect(await other.edit([{ id, queue }], { params: '{"n":2}' })).toEqual(["done"]));
    expect(await s.claim(queue)).toMatchObject([{ id, params: '{"n":2}' }]);
  });

  test("a delay, another queue, a cancel, a removal: the claim goes away empty-handed", async () => {
    const queue = unique("q");
    const ids = await s.enqueue(queue, 4);
    const [a, b, c, d] = ids.map((id) => ({ id, queue }));
    if (!a || !b || !c || !d) throw new Error("four were enqueued");
    betweenLookAndClaim(async () => {
      expect(await other.edit([a], { due: { after: hour } })).toEqual(["done"]);
      expect(await other.edit([b], { queue: `${queue}-2` })).toEqual(["done"]);
      expect(await other.cancel([c])).toEqual(["done"]);
      expect(await other.remove([d])).toEqual(["done"]);
    });
    expect(await s.claim(queue)).toEqual([]);
  });

  test("another claim: each job goes to one of the two, and to the first what it took", async () => {
    const queue = unique("q");
    const ids = await s.enqueue(queue, 10);
    let first: readonly { id: string }[] = [];
    betweenLookAndClaim(async () => {
      first = await s.claim(queue, 4, other);
    });
    const second = await s.claim(queue, 10);
    expect([...first, ...second].map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(first).toHaveLength(4);
  });

  test("an extension of a lapsed lease: the holder keeps the job", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 1);
    const [held] = await s.claim(queue, 1, other, 0);
    if (!held) throw new Error("it was to be claimed");
    betweenLookAndClaim(async () => expect(await other.extend([held], hour)).toEqual(["extended"]));
    expect(await s.claim(queue)).toEqual([]);
    expect(states(await other.settle([settlement(held)]))).toEqual(["settled"]);
  });

  test("jobs of many different revisions are claimed by one update", async () => {
    const queue = unique("q");
    const ids = await s.enqueue(queue, 6);
    for (const [i, id] of ids.entries()) {
      for (let edits = 0; edits < i; edits++) await s.broker.edit([{ id, queue }], { params: `{"n":${i}}` });
    }
    const [first] = ids;
    betweenLookAndClaim(() => other.edit([{ id: first ?? "", queue }], { params: '{"n":"new"}' }));
    const claims = await s.claim(queue);
    expect(claims.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(claims.find(({ id }) => id === first)?.params).toBe('{"n":"new"}');
  });

  test("a claim that was rolled back: another gets the job, and the first is told that it lost it", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const before = await s.document(id);
    const [rolledBack] = await s.claim(queue);
    await s.jobs.replaceOne({ _id: before?.["_id"] }, before ?? {});
    const [held] = await s.claim(queue, 10, other);
    if (!rolledBack || !held) throw new Error("both were to claim");
    expect(held.deliveries).toBe(rolledBack.deliveries);
    expect(await s.broker.extend([rolledBack], hour)).toEqual(["lost"]);
    expect(states(await s.broker.settle([settlement(rolledBack, done)]))).toEqual(["lost"]);
    expect(states(await other.settle([settlement(held, done)]))).toEqual(["settled"]);
    expect(states(await s.broker.settle([settlement(rolledBack, done)]))).toEqual(["lost"]);
  });

  test("eight claimers race for 4,000 jobs: all are claimed, none twice", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 4000);
    const claimed: string[] = [];
    const race = async (max: number) => {
      const broker = s.open(s.connect());
      for (;;) {
        const claims = await s.claim(queue, max, broker, hour);
        if (claims.length === 0) return;
        claimed.push(...claims.map(({ id }) => id));
      }
    };
    await Promise.all([1, 2, 10, 50, 100, 100, 200, 500].map(race));
    expect(claimed).toHaveLength(4000);
    expect(new Set(claimed).size).toBe(4000);
  });

  async function put(queue: string, job?: ReturnType<Stage["newJob"]>): Promise<string> {
    if (!job) return String((await s.jobs.insertOne(foreign(queue))).insertedId);
    await s.broker.enqueue([job]);
    return job.id;
  }
});
