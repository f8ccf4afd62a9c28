import { describe, expect, test } from "@jest/globals";
import { claimAll, install, spoil } from "./installation.js";

const layouts = [
  ["raw", "both"],
  ["no-storage", "both"],
  ["no-storage", "redis"],
] as const;

describe.each(layouts)("a malformed entry of a %s queue (stores: %s)", (queue, stores) => {
  test("is a failed job with what can be read of it", async () => {
    await using here = await install({}, stores);
    const good = await here.client.enqueue("t.good", {}, { queue });
    const id = await spoil(here, queue, '1700000000000 1 3\n{"v":99,"path":"t.bad"}\n{"n":1}');
    const { claims, setAside } = await claimAll(here, queue);
    expect(claims.map((claim) => claim.id)).toEqual([good.id]);
    expect(setAside).toHaveLength(1);
    const error = {
      name: "MalformedEntryError",
      code: "MALFORMED_JOB",
      message: expect.stringContaining("version 99"),
    };
    const job = { id, queue, path: "t.bad", params: { n: 1 }, priority: 3, status: "failed", error };
    expect(await here.client.job(id, queue)).toMatchObject({ ...job, queuedAt: new Date(1_700_000_000_000) });
    expect(await here.client.jobs({ status: ["failed"] })).toMatchObject([job]);
    expect((await here.client.queue(queue).counts()).failed).toBe(1);
    const [answer] = await here.client.requeue([{ id, queue }]);
    expect(answer).toBe("done");
  });

  test("shows how it begins when nothing of it can be read, and gets an id where it has none", async () => {
    await using here = await install({}, stores);
    await here.client.enqueue("t.good", {}, { queue, delay: "1h" });
    await here.redis.hset(here.key(queue, "body"), "no id", "junk\u0000");
    await here.redis.zadd(here.key(queue, "ready"), 1, "no id");
    await claimAll(here, queue);
    const [job] = await here.client.jobs({ queue, status: ["failed"] });
    expect(job).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{24}$/), path: "malformed", params: {} });
    expect(job?.error?.message).toContain('begins with "junk\\u0000"');
  });
});
