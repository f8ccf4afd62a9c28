import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { newJobId } from "@tandemq/core";
import { unique } from "../../../test/support/unique.js";
import { Stage } from "./support/stage.js";

describe("enqueue", () => {
  const s = new Stage();
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  const bad: [string, string][] = [
    ["too deep", `${'{"a":'.repeat(250)}1${"}".repeat(250)}`],
    ["with NUL in a key", '{"a\\u0000b":1}'],
    ["over 16 MiB", `{"a":"${"x".repeat(17 * 1024 * 1024)}"}`],
    ["that are no JSON", "{"],
    ["that are a list", "[]"],
  ];
  test.each(bad)("params %s are refused, the others of the batch are not", async (_what, params) => {
    const queue = unique("q");
    const jobs = Array.from({ length: 9 }, (_, i) => s.newJob(queue, i === 4 ? { params } : {}));
    const answers = await s.broker.enqueue(jobs);
    expect(answers.map(({ state }) => state)).toEqual(jobs.map((_, i) => (i === 4 ? "refused" : "enqueued")));
    expect((await s.broker.counts([queue])).get(queue)?.queued).toBe(8);
  });

  test("what the validator objects to is refused by name", async () => {
    const [answer] = await s.broker.enqueue([s.newJob(unique("q"), { path: "" })]);
    expect(answer).toMatchObject({ state: "refused", error: { code: "MALFORMED_JOB" } });
    expect(answer?.state === "refused" && answer.error.message).toMatch(/validator refused the job: path/);
  });

  test("a priority out of range and an id that is none are refused", async () => {
    const queue = unique("q");
    const answers = await s.broker.enqueue([s.newJob(queue, { priority: 11 }), s.newJob(queue, { id: "x" })]);
    expect(answers.map(({ state }) => state)).toEqual(["refused", "refused"]);
  });

  test("a key's owner that ends between the refusal and the look: the job is created after all", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "finish" as const };
    const [owner = ""] = await s.enqueue(queue, 1, { key });
    const insertMany = s.connection.jobs.insertMany.bind(s.connection.jobs);
    s.connection.jobs.insertMany = async (...sent) => {
      s.connection.jobs.insertMany = insertMany;
      const inserted = await insertMany(...sent).catch((error: unknown) => error);
      await s.broker.cancel([{ id: owner, queue }]);
      throw inserted;
    };
    const id = newJobId();
    expect(await s.broker.enqueue([s.newJob(queue, { id, key })])).toEqual([{ state: "enqueued", id, created: true }]);
  });

  test("times are the server's, never ahead of it", async () => {
    const queue = unique("q");
    for (let i = 0; i < 20; i++) {
      const [id = ""] = await s.enqueue(queue, 1);
      const { localTime } = await s.client.db().command({ hello: 1 });
      const job = (await s.broker.get([{ id, queue }]))[0];
      const age = (localTime as Date).getTime() - (job?.queuedAt.getTime() ?? 0);
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(5_000);
      expect(await s.claim(queue, 1)).toHaveLength(1);
    }
  });
});
