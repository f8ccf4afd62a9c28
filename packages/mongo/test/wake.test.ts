import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { unique } from "../../../test/support/unique.js";
import { waitFor } from "../../../test/support/wait-for.js";
import { PausedQueues } from "../src/look/paused-queues.js";
import { WorkWaiter } from "../src/wake/work-waiter.js";
import { done, foreign, hour, settlement, Stage } from "./support/stage.js";

const long = 15_000;

describe("waiting for work", () => {
  const s = new Stage();
  const other = s.open(s.connect());
  beforeAll(() => s.broker.start());
  afterAll(() => s.close());

  /** Waits as a worker does that has found nothing; `elapsed` is the time until something woke it. */
  async function asleep(queue: string): Promise<{ woken: Promise<number> }> {
    await s.claim(queue);
    await s.broker.waitForWork([queue], { timeout: 300 });
    await s.claim(queue);
    const begun = performance.now();
    return { woken: s.broker.waitForWork([queue], { timeout: long }).then(() => performance.now() - begun) };
  }

  test.each([
    ["a foreign insert", async (queue: string) => void (await s.jobs.insertOne(foreign(queue)))],
    ["an enqueue elsewhere", async (queue: string) => void (await other.enqueue([s.newJob(queue)]))],
    [
      "a delayed job elsewhere, when its time has come",
      async (queue: string) => void (await other.enqueue([s.newJob(queue, { due: { after: 50 } })])),
    ],
  ])("%s wakes", async (_what, act) => {
    const queue = unique("q");
    const { woken } = await asleep(queue);
    await act(queue);
    expect(await woken).toBeLessThan(long);
    await waitFor("the job", async () => (await s.claim(queue)).length === 1);
  });

  test("a job given back, requeued or moved elsewhere, and a queue resumed there, wake", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    const ref = { id, queue };
    const acts = [
      () => other.settle([settlement(claim, { status: "interrupt" })]),
      () => other.requeue([ref]),
      () => other.edit([ref], { due: { after: 0 } }),
      () => other.resume(queue),
    ];
    for (const [i, act] of acts.entries()) {
      if (i === 1) await other.settle([settlement(await s.claimOne(queue), done)]);
      if (i === 2) await other.edit([ref], { due: { after: hour } });
      if (i === 3) await other.pause(queue);
      const { woken } = await asleep(queue);
      await act();
      expect(await woken).toBeLessThan(long);
    }
  });

  test("a stream that the server ends is opened anew, and everything may have happened", async () => {
    const queue = unique("q");
    const { woken } = await asleep(queue);
    const killed = await waitFor("the stream's cursor", killStreams);
    expect(killed).toBeGreaterThan(0);
    expect(await woken).toBeLessThan(long);
    const next = await asleep(queue);
    await s.jobs.insertOne(foreign(queue));
    expect(await next.woken).toBeLessThan(long);
  });

  test("ends are told to whoever listens for them", async () => {
    const queue = unique("q");
    const ended: string[] = [];
    let open = false;
    const silence = s.wakeups.listen({
      onFinished: (ids) => void ended.push(...ids),
      onLagged: () => {
        open = true;
      },
    });
    await waitFor("the stream", async () => open);
    const ids = await s.enqueue(queue, 3);
    const [first, second] = await s.claim(queue, 2);
    if (!first || !second) throw new Error("two were claimed");
    await other.settle([settlement(first, done), settlement(second, { status: "retry", delay: hour })]);
    const third = ids.find((id) => id !== first.id && id !== second.id) ?? "";
    await other.cancel([{ id: third, queue }]);
    await waitFor("both ends", async () => ended.includes(first.id) && ended.includes(third));
    expect(ended).not.toContain(second.id);
    silence();
  });

  test("where nobody tells, work is looked for by itself", async () => {
    const queue = unique("q");
    const deaf = { work: () => {}, finished: () => {}, cancel: () => {}, listen: () => () => {} };
    const waiter = new WorkWaiter(s.connection, new PausedQueues(s.connection), deaf, async () => "nothing");
    waiter.board.beginClaim([queue]);
    const begun = performance.now();
    const waiting = waiter.wait([queue], { timeout: long });
    await s.jobs.insertOne(foreign(queue));
    await waiting;
    expect(performance.now() - begun).toBeLessThan(long);
    waiter.close();
  });

  test("a server that is away does not make waiting reject", async () => {
    const away = s.open(s.connect("mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=100&directConnection=true"));
    await away.waitForWork(["q"], { timeout: 50 });
  });

  /** Ends every change stream's cursor on the test's database, and says how many. */
  async function killStreams(): Promise<number | undefined> {
    const { databaseName } = s.client.db();
    const admin = s.client.db("admin");
    const stages = [{ $currentOp: { idleCursors: true, allUsers: true, localOps: true } }];
    const cursors = (await admin.aggregate(stages).toArray())
      .filter(
        ({ ns, cursor }) =>
          String(ns).startsWith(databaseName) && cursor?.originatingCommand?.pipeline?.[0]?.$changeStream,
      )
      .map(({ cursor }) => cursor.cursorId);
    if (cursors.length === 0) return undefined;
    await s.client.db().command({ killCursors: "$cmd.aggregate", cursors });
    return cursors.length;
  }
});
