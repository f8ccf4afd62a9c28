import { describe, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, type Deployment, type WhyReason, type WorkerRecord } from "@tandemq/core";

const worker: Omit<WorkerRecord, "seenAt"> = {
  ...{ id: "w1", host: "h", pid: 1, startedAt: new Date(), queues: ["q"], serves: ["q"], tasks: ["t.a"] },
  ...{ concurrency: 2, processes: 1, state: "running", report: { runningCount: 0, running: [] } },
};

interface Scene {
  readonly deployment: Deployment;
  readonly client: Client;
  /** The reasons, without their sentences, of a job that is enqueued now. */
  why(path?: string, options?: object): Promise<object[]>;
}

function scene(): Scene {
  const deployment = createMemoryDeployment();
  const client = new Client(deployment);
  const why = async (path = "t.a", options: object = {}) => {
    const { id } = await client.enqueue(path, {}, { queue: "q", ...options });
    return (await client.why(id)).reasons.map(({ sentence: _sentence, ...data }) => data);
  };
  return { deployment, client, why };
}

async function withWorker(over: Partial<WorkerRecord>): Promise<Scene> {
  const made = scene();
  await made.deployment.registry.heartbeat({ ...worker, ...over }, 60_000);
  return made;
}

describe("why", () => {
  test("nobody works on the queue", async () => {
    expect(await scene().why()).toEqual([{ reason: "no worker", queue: "q", workers: 0 }]);
    const other = await withWorker({ queues: ["mail"], serves: ["mail"] });
    expect(await other.why()).toEqual([{ reason: "no worker", queue: "q", workers: 1 }]);
    const stopping = await withWorker({ state: "stopping" });
    expect(await stopping.why()).toEqual([{ reason: "no worker", queue: "q", workers: 1 }]);
  });

  test.each([[["q"]], [["*"]], [[]], [["x", "q*"]]])("a worker on %j serves it", async (serves) => {
    const { why } = await withWorker({ queues: [], serves });
    expect(await why()).toEqual([{ reason: "in line", queued: 1 }]);
  });

  test("a worker that has another mode configured for the queue does not serve it", async () => {
    const { client, why } = await withWorker({ queues: [], serves: [], mismatched: ["q"] });
    expect(await why()).toEqual([{ reason: "no worker", queue: "q", workers: 1 }]);
    const { id } = await client.enqueue("t.a", {}, { queue: "q" });
    expect((await client.why(id)).reasons[0]?.sentence).toMatch(/1 worker has another mode configured .* migrate q/);
  });

  test("no worker has the task", async () => {
    const { why } = await withWorker({});
    expect(await why("t.b")).toEqual([{ reason: "unknown task", path: "t.b", workers: 1 }]);
    const many = await withWorker({ tasksCut: true });
    expect(await many.why("t.b")).toEqual([{ reason: "in line", queued: 1 }]);
  });

  test.each<[Partial<WorkerRecord>]>([[{ only: ["mail.*"] }], [{ except: ["t.*"] }], [{ only: ["t.a*b"] }]])(
    "its task is left to others: %j",
    async (lists) => {
      const { why } = await withWorker(lists);
      expect(await why()).toEqual([{ reason: "filtered", path: "t.a", workers: 1 }]);
    },
  );

  test("all slots are taken", async () => {
    const { why } = await withWorker({ report: { runningCount: 2, running: [] } });
    expect(await why()).toEqual([{ reason: "busy", workers: 1, slots: 2 }]);
  });

  test("several reasons at once, the pause first", async () => {
    const { client, why } = scene();
    await client.queue("q").pause();
    const at = new Date(Date.now() + 3_600_000);
    expect(await why("t.a", { at })).toEqual([
      { reason: "paused", queue: "q" },
      { reason: "not due", until: at, because: "delay" },
      { reason: "no worker", queue: "q", workers: 0 },
    ]);
  });

  test("it waits for a retry, runs, lapsed, or is over", async () => {
    const { client, deployment } = await withWorker({});
    const { id } = await client.enqueue("t.a", {}, { queue: "q", attempts: 2 });
    const { broker } = await deployment.route("q");
    const first = async (): Promise<WhyReason | undefined> => (await client.why(id)).reasons[0];
    const claim = async (lease: number) =>
      (await broker.claim({ queues: ["q"], max: 1, lease, worker: "w1" })).claims[0]!;
    const held = await claim(60_000);
    const report = { runningCount: 1, running: [{ id, pid: 77 }] };
    await deployment.registry.heartbeat({ ...worker, report }, 60_000);
    expect(await first()).toMatchObject({ reason: "running", worker: "w1", host: "h", pid: 77 });
    await broker.settle([{ ...held, outcome: { status: "retry", delay: 3_600_000 } }]);
    expect(await first()).toMatchObject({ reason: "not due", because: "retry" });
    await broker.edit([{ id, queue: "q" }], { due: { after: 0 } });
    await claim(0);
    expect(await first()).toMatchObject({ reason: "lapsed", worker: "w1" });
    const error = { name: "Error", message: "boom" };
    await broker.settle([{ ...(await claim(60_000)), outcome: { status: "failed", error } }]);
    expect(await first()).toMatchObject({ reason: "final", status: "failed", error });
  });

  test("a limit held it back, or its task put it off", async () => {
    const { client, deployment } = await withWorker({});
    const { id } = await client.enqueue("t.a", {}, { queue: "q" });
    const { broker } = await deployment.route("q");
    const settle = async (limited: boolean) => {
      const { claims } = await broker.claim({ queues: ["q"], max: 1, lease: 60_000, worker: "w1" });
      await broker.settle([
        { ...claims[0]!, outcome: { status: "interrupt", delay: 3_600_000, ...(limited ? { limited } : {}) } },
      ]);
    };
    await settle(true);
    expect((await client.why(id)).reasons).toMatchObject([{ reason: "limited", until: expect.any(Date) }]);
    const other = await client.enqueue("t.a", {}, { queue: "q" });
    await settle(false);
    expect((await client.why(other.id)).reasons).toMatchObject([{ reason: "not due", because: "snooze" }]);
  });

  test("a job that nobody knows", async () => {
    await expect(scene().client.why("0".repeat(24))).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
  });
});
