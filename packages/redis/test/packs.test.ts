import { describe, expect, test } from "@jest/globals";
import { BrokerUnavailableError, type NewJob, newJobId } from "@tandemq/core";
import { redisProxy } from "./support/proxy.js";
import { claim, newJob, type Stage, stage, success, testUrl } from "./support/stage.js";
import { waitFor } from "../../../test/support/wait-for.js";

const newJobs = (count: number, change: Partial<NewJob> = {}): NewJob[] =>
  Array.from({ length: count }, (_, n) => newJob({ params: `{"n":${n}}`, ...change }));
const idsOf = (jobs: readonly { id: string }[]): string[] => jobs.map(({ id }) => id);
const places = (s: Stage): Promise<string[]> => s.admin.zrange(s.key("ready"), 0, "-1");
const nameOf = (jobs: readonly NewJob[]): string => `${jobs[0]?.id}+${jobs.length}`;

/** Everything that tells of packs says the same. */
async function agrees(s: Stage): Promise<void> {
  const names = (await places(s)).filter((name) => name.includes("+"));
  expect(await s.admin.zrange(s.key("packs"), 0, "-1")).toEqual([...names].sort());
  const count = names.reduce((sum, name) => sum + Number(name.slice(25)), 0);
  expect(Number((await s.admin.get(s.key("packed"))) ?? 0)).toBe(count);
  const bodies = (await s.admin.hkeys(s.key("body"))).filter((name) => name.includes("+"));
  expect(bodies.sort()).toEqual([...names].sort());
}

describe("a pack", () => {
  test("is what plain jobs of one call become, as many as 100 and 16 kB", async () => {
    await using s = stage();
    const jobs = newJobs(250);
    await s.broker.enqueue(jobs);
    expect(await places(s)).toEqual([jobs.slice(0, 100), jobs.slice(100, 200), jobs.slice(200)].map(nameOf));
    await s.broker.purge("q");
    const large = newJobs(20, { params: `{"text":"${"x".repeat(2_000)}"}` });
    await s.broker.enqueue(large);
    expect(await places(s)).toEqual([large.slice(0, 8), large.slice(8, 16), large.slice(16)].map(nameOf));
    await agrees(s);
  });

  test.each<[string, (jobs: NewJob[]) => NewJob[]]>([
    ["few", (jobs) => jobs.slice(0, 3)],
    ["of several tasks", (jobs) => jobs.map((job, n) => ({ ...job, path: `task-${n % 2}` }))],
    ["of another priority", (jobs) => jobs.map((job) => ({ ...job, priority: 1 }))],
    ["delayed", (jobs) => jobs.map((job) => ({ ...job, due: { after: 60_000 } }))],
    ["of a later life", (jobs) => jobs.map((job) => ({ ...job, generation: 2 }))],
    ["with keys", (jobs) => jobs.map((job) => ({ ...job, key: { value: job.id, until: "start" as const } }))],
    ["with ids of their own", (jobs) => jobs.map((job, n) => ({ ...job, id: `${n}`.padStart(24, `${n}abc`) }))],
    ["too large", (jobs) => jobs.map((job) => ({ ...job, params: `{"text":"${"x".repeat(9_000)}"}` }))],
  ])("is not made of jobs that are %s", async (_, change) => {
    await using s = stage();
    const jobs = change(newJobs(12));
    await s.broker.enqueue(jobs);
    expect(await s.admin.exists(s.key("packs"), s.key("packed"))).toBe(0);
    expect((await s.broker.counts(["q"])).get("q")?.queued).toBe(jobs.length);
  });

  test("is handed out in the order of its jobs, each with its own params, settings and tags", async () => {
    await using s = stage();
    const jobs = newJobs(300, { tags: ["a"], settings: { attempts: 3 }, startBy: { after: 60_000 } });
    const odd = jobs.map((job, n) => ({ ...job, params: n % 5 === 0 ? `{"text":"é\\n€ ${n}"}` : job.params }));
    await s.broker.enqueue(odd);
    const claims = [];
    for (const max of [1, 8, 30, 3, 150, 7, 20, 1000]) claims.push(...(await claim(s.broker, max)));
    expect(idsOf(claims)).toEqual(idsOf(jobs));
    expect(claims.map(({ params }) => params)).toEqual(odd.map(({ params }) => params));
    expect(claims[299]).toMatchObject({ tags: ["a"], settings: { attempts: 3 }, attempt: 1, deliveries: 1, lost: 0 });
    expect(claims[299]?.startBy).toBe((claims[299]?.queuedAt ?? 0) + 60_000);
    expect(await s.broker.settle(claims.map(success))).toEqual(claims.map(() => ({ state: "settled" })));
    expect(await s.admin.exists(...["ready", "due", "body", "token", "packs", "packed"].map(s.key))).toBe(0);
  });

  test("stays in line whole where the one before it was all that was wanted", async () => {
    await using s = stage();
    const jobs = newJobs(250);
    await s.broker.enqueue(jobs);
    expect(idsOf(await claim(s.broker, 100))).toEqual(idsOf(jobs.slice(0, 100)));
    expect(await places(s)).toEqual([jobs.slice(100, 200), jobs.slice(200)].map(nameOf));
    await agrees(s);
    expect(idsOf(await claim(s.broker, 60))).toEqual(idsOf(jobs.slice(100, 160)));
    expect(await s.admin.zcount(s.key("packs"), "(0", "+inf")).toBe(0);
    expect(idsOf(await claim(s.broker, 500))).toEqual(idsOf(jobs.slice(160)));
  });

  test("stands in line among other jobs", async () => {
    await using s = stage();
    const [before, first, between, second, high] = [newJobs(2), newJobs(20), newJobs(1), newJobs(20), newJobs(1)];
    for (const jobs of [before, first, between, second]) await s.broker.enqueue(jobs);
    await s.broker.enqueue(high.map((job) => ({ ...job, priority: 1 })));
    const order = idsOf([high, before, first, between, second].flat());
    const taken = [...(await claim(s.broker, 9)), ...(await claim(s.broker, 17))];
    expect(idsOf(taken)).toEqual(order.slice(0, 26));
    await agrees(s);
    await s.broker.settle(taken.slice(5, 20).map((one) => ({ ...success(one), outcome: { status: "interrupt" } })));
    expect(idsOf(await claim(s.broker, 100))).toEqual([...order.slice(5, 20), ...order.slice(26)]);
  });

  test.each<[string, (s: Stage, job: NewJob) => Promise<unknown>, number]>([
    ["edit", (s, job) => s.broker.edit([job], { params: "{}" }), 20],
    ["cancel", (s, job) => s.broker.cancel([job]), 19],
    ["remove", (s, job) => s.broker.remove([job]), 19],
    ["move", (s, job) => s.broker.edit([job], { queue: "other" }), 19],
  ])("is opened by an %s, and all keep their order", async (_, change, left) => {
    await using s = stage();
    const jobs = newJobs(20);
    await s.broker.enqueue(jobs);
    expect(await change(s, jobs[7]!)).toEqual(["done"]);
    const waiting = left === 20 ? jobs : jobs.filter((_, n) => n !== 7);
    expect((await places(s)).sort()).toEqual(idsOf(waiting));
    await agrees(s);
    expect((await s.broker.counts(["q"])).get("q")?.queued).toBe(left);
    expect(idsOf(await s.broker.find({ queue: "q", order: "head" }))).toEqual(idsOf(waiting));
    expect(idsOf(await claim(s.broker, 50))).toEqual(idsOf(waiting));
  });

  test("stays closed when its jobs are looked at", async () => {
    await using s = stage();
    const jobs = newJobs(60);
    await s.broker.enqueue(jobs);
    expect((await s.broker.get(jobs)).map((job) => job?.params)).toEqual(jobs.map((_, n) => ({ n })));
    const found = await s.broker.find({ queue: "q", order: "head", limit: 40 });
    expect(idsOf(found)).toEqual(idsOf(jobs.slice(0, 40)));
    expect(await s.broker.find({ queue: "q", status: ["queued"], params: { n: 55 } })).toMatchObject([
      { id: jobs[55]?.id },
    ]);
    expect(await s.broker.select({ queue: "q" })).toHaveLength(60);
    expect(await s.broker.requeue([jobs[3]!])).toEqual(["waiting"]);
    const { slices, others } = await s.broker.histogram("q", { slices: 2 });
    expect([slices.reduce((sum, { count }) => sum + count, 0), others]).toEqual([0, 60]);
    expect(await places(s)).toEqual([nameOf(jobs)]);
  });

  test("does not let a foreign id in: before its first, after its last, or of another form", async () => {
    await using s = stage();
    const jobs = newJobs(9).slice(2, 7);
    await s.broker.enqueue(jobs);
    const number = Number.parseInt(jobs[0]!.id.slice(18), 16);
    const near = [number - 1, number + 5].map((n) => jobs[0]!.id.slice(0, 18) + n.toString(16).padStart(6, "0"));
    const upper = `${jobs[4]!.id.slice(0, 18)}${jobs[4]!.id.slice(18).toUpperCase()}`;
    const strange = [
      ...near,
      nameOf(jobs),
      `${jobs[0]!.id.slice(0, 18)}zzzzzz`,
      "",
      ...(upper === jobs[4]!.id ? [] : [upper]),
    ];
    for (const id of strange) {
      expect(await s.broker.get([{ id, queue: "q" }])).toEqual([undefined]);
      expect(await s.broker.cancel([{ id, queue: "q" }])).toEqual(["missing"]);
    }
    expect(await places(s)).toEqual([nameOf(jobs)]);
  });

  test("is not cut again and again by those who take a few at a time", async () => {
    await using s = stage();
    const jobs = newJobs(50);
    await s.broker.enqueue(jobs);
    await s.broker.enqueue(newJobs(5));
    const [first] = await claim(s.broker, 1);
    expect(first?.id).toBe(jobs[0]?.id);
    expect((await places(s)).slice(0, -1).sort()).toEqual(idsOf(jobs.slice(1)));
    await agrees(s);
  });

  test("gives a claim no more than its answer can carry", async () => {
    await using s = stage();
    const jobs = newJobs(1_000, { path: `p${"x".repeat(60_000)}` });
    await s.broker.enqueue(jobs);
    const first = await claim(s.broker, 1_000);
    expect(first.length).toBeGreaterThan(100);
    expect(first.length).toBeLessThan(200);
    const all = [...first];
    while (all.length < 1_000) all.push(...(await claim(s.broker, 1_000)));
    expect(idsOf(all)).toEqual(idsOf(jobs));
    await agrees(s);
  });
});

describe("jobs of a pack that are added again", () => {
  test.each([
    ["closed", 0, 0],
    ["cut", 8, 0],
    ["opened", 1, 0],
    ["cut and partly done", 10, 6],
  ])("are known while it is %s", async (_, taken, done) => {
    await using s = stage();
    const jobs = newJobs(30);
    await s.broker.enqueue(jobs);
    const claims = taken > 0 ? await claim(s.broker, taken) : [];
    await s.broker.settle(claims.slice(0, done).map(success));
    await s.broker.enqueue(jobs.slice(done));
    await s.broker.enqueue(jobs.slice(12, 20).reverse());
    await s.broker.enqueue([jobs[25]!]);
    expect((await s.broker.counts(["q"])).get("q")).toMatchObject({ queued: 30 - taken, started: taken - done });
    expect(idsOf(await claim(s.broker, 100))).toEqual(idsOf(jobs.slice(taken)));
    await agrees(s);
  });

  test("are known when they were kept as failed", async () => {
    await using s = stage({ keepFailures: true });
    const jobs = newJobs(10);
    await s.broker.enqueue(jobs);
    const error = { name: "Error", message: "boom" };
    const claims = await claim(s.broker, 10);
    await s.broker.settle(claims.map((one) => ({ ...success(one), outcome: { status: "failed", error } })));
    await s.broker.enqueue(jobs);
    expect(await places(s)).toEqual([]);
  });

  test("are known within one call", async () => {
    await using s = stage();
    const jobs = newJobs(8);
    await s.broker.enqueue([...jobs, ...jobs]);
    expect(idsOf(await claim(s.broker, 100))).toEqual(idsOf(jobs));
  });

  test("are known when the answer was lost", async () => {
    await using proxy = await redisProxy(testUrl());
    await using s = stage({}, { url: proxy.url, deadline: 300 });
    await s.broker.enqueue([newJob({ queue: "other" })]);
    const jobs = newJobs(20);
    await s.broker.counts(["q"]);
    await s.admin.sadd(`${s.prefix}:names`, "q");
    await s.broker.enqueue(newJobs(1));
    await s.broker.purge("q");
    proxy.mode = "hold";
    await expect(s.broker.enqueue(jobs)).rejects.toThrow(BrokerUnavailableError);
    proxy.mode = "pass";
    await waitFor("it answers again", () => s.broker.enqueue(jobs).catch(() => undefined));
    expect(await places(s)).toEqual([nameOf(jobs)]);
  });
});

describe("what was put there by hand as a pack", () => {
  const first = newJobId();
  const head = '{"v":1,"path":"test.task"}';
  test.each([
    ["no text", undefined],
    ["junk", "junk"],
    ["too few jobs", `1 1 0\n${head}\n2,2,\n{}{}`],
    ["too many jobs", `1 1 0\n${head}\n2,2,2,2,2,2,2,2,2,2,2,2,\n{}{}{}{}{}{}{}{}{}{}{}{}`],
    ["lengths that are none", `1 1 0\n${head}\na,b\n{}{}`],
    ["lengths that do not fit", `1 1 0\n${head}\n2,2,2,2,2,2,2,2,2,999999,\n{}{}{}{}{}{}{}{}{}{}`],
    ["text behind its jobs", `1 1 0\n${head}\n2,2,2,2,2,2,2,2,2,2,\n{}{}{}{}{}{}{}{}{}{}{}`],
  ])("is set aside where it has %s, and the queue goes on", async (_, text) => {
    await using s = stage();
    const name = `${first}+10`;
    if (text !== undefined) await s.admin.hset(s.key("body"), name, text);
    await s.admin.zadd(s.key("ready"), 1, name);
    await s.admin.zadd(s.key("packs"), 0, name);
    await s.admin.incrby(s.key("packed"), 10);
    const good = newJobs(20);
    await s.broker.enqueue(good);
    expect(await s.broker.get([{ id: first, queue: "q" }])).toEqual([undefined]);
    expect(await s.broker.remove([{ id: first, queue: "q" }])).toEqual(["missing"]);
    const answer = await s.broker.claim({ queues: ["q"], max: 100, lease: 30_000, worker: "worker" });
    expect(idsOf(answer.claims)).toEqual(idsOf(good));
    expect(answer.setAside).toMatchObject([{ queue: "q", id: name }]);
    expect(await s.broker.malformed("q")).toMatchObject([{ id: name, raw: text ?? "" }]);
    await s.broker.settle(answer.claims.map(success));
    expect(await s.admin.exists(...["ready", "due", "body", "token", "packs", "packed"].map(s.key))).toBe(0);
  });

  test("is one where its name is known", async () => {
    await using s = stage();
    await s.admin.zadd(s.key("packs"), 0, `${first}+4`);
    await s.admin.hset(s.key("body"), `${first}+4`, `1 1 0\n${head}\n2,7,2,2,\n{}{"a":1}{}{}`);
    await s.admin.zadd(s.key("ready"), 1, `${first}+4`);
    const claims = await claim(s.broker, 100);
    expect(claims.map(({ params }) => params)).toEqual(["{}", '{"a":1}', "{}", "{}"]);
    expect(claims[0]?.id).toBe(first);
  });

  test("has jobs that are set aside one by one where their params are none", async () => {
    await using s = stage();
    await s.admin.zadd(s.key("packs"), 0, `${first}+4`);
    await s.admin.hset(s.key("body"), `${first}+4`, `1 1 0\n${head}\n2,1,2,2,\n{}x{}{}`);
    await s.admin.zadd(s.key("ready"), 1, `${first}+4`);
    const answer = await s.broker.claim({ queues: ["q"], max: 100, lease: 30_000, worker: "worker" });
    expect([answer.claims.length, answer.setAside.length]).toEqual([3, 1]);
  });
});
