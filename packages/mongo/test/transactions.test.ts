import { afterAll, describe, expect, test } from "@jest/globals";
import { newJobId, type TransactionSession } from "@tandemq/core";
import { type ClientSession, MongoClient, MongoError } from "mongodb";
import { unique } from "../../../test/support/unique.js";
import { waitFor } from "../../../test/support/wait-for.js";
import { complete } from "../src/transaction/complete.js";
import { MongoOutbox } from "../src/transaction/mongo-outbox.js";
import { Proxy } from "./support/proxy.js";
import { settlement, Stage } from "./support/stage.js";

const s = new Stage();
afterAll(() => s.close());

const broker = async () => {
  await s.broker.start();
  return s.broker;
};

/** Runs in a transaction of the caller's own client; `false`: rolls it back. */
async function transaction(work: (session: ClientSession) => Promise<unknown>): Promise<void> {
  await s.client.withSession(async (session) => {
    await session.withTransaction(async () => {
      if ((await work(session)) === false) await session.abortTransaction();
    });
  });
}

describe("enqueue within a transaction", () => {
  test("jobs are there with its commit, beside its other effects, and wake whoever waits", async () => {
    const queue = unique("q");
    const waiting = (await broker()).waitForWork([queue], { timeout: 20_000 });
    const orders = s.client.db().collection("orders");
    await orders.insertOne({ warm: true });
    await transaction(async (session) => {
      await orders.insertOne({ queue }, { session });
      const answers = await s.broker.enqueueWithin(session, [s.newJob(queue), s.newJob(queue)]);
      expect(answers).toMatchObject([{ created: true }, { created: true }]);
      expect(await s.claim(queue)).toEqual([]);
    });
    await waiting;
    expect(await s.claim(queue)).toHaveLength(2);
    expect(await orders.countDocuments({ queue })).toBe(1);
  });

  test("a roll-back leaves nothing, no unique key either", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "start" } as const;
    await broker();
    await transaction(async (session) => {
      await s.broker.enqueueWithin(session, [s.newJob(queue, { key })]);
      return false;
    });
    expect(await s.jobs.countDocuments({ queue })).toBe(0);
    expect(await s.broker.enqueue([s.newJob(queue, { key })])).toMatchObject([{ created: true }]);
  });

  test("a key for a time is taken after the job's end, and free when the time is over", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "start", for: 3_600_000 } as const;
    const [first] = await s.enqueue(queue, 1, { key });
    await s.broker.settle((await s.claim(queue)).map((claim) => settlement(claim, { status: "success" })));
    const ask = async () => {
      let answer: unknown;
      await transaction(async (session) => {
        [answer] = await s.broker.enqueueWithin(session, [s.newJob(queue, { key })]);
      });
      return answer;
    };
    expect(await ask()).toMatchObject({ id: first, created: false });
    await s.jobs.updateOne({ queue, held: "k" }, { $set: { heldUntil: new Date(Date.now() - 1000) } });
    expect(await ask()).toMatchObject({ created: true });
    expect(await s.jobs.countDocuments({ queue, held: "k" })).toBe(1);
  });

  test("an id is one job, and a key has one owner, in and outside", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "start" } as const;
    const id = newJobId();
    const [owner] = await s.enqueue(queue, 1, { key });
    await transaction(async (session) => {
      const jobs = [
        s.newJob(queue, { key }),
        s.newJob(queue, { id }),
        s.newJob(queue, { key: { ...key, value: "b" } }),
      ];
      const twice = [...jobs, s.newJob(queue, { key: { ...key, value: "b" } })];
      expect(await s.broker.enqueueWithin(session, twice)).toMatchObject([
        { created: false, id: owner },
        { created: true, id },
        { created: true },
        { created: false, id: jobs[2]?.id },
      ]);
      expect(await s.broker.enqueueWithin(session, [s.newJob(queue, { id })])).toMatchObject([{ created: true, id }]);
    });
    expect(await s.jobs.countDocuments({ queue })).toBe(3);
  });

  test("a key that is taken outside meanwhile makes the transaction run again, and answers with the owner", async () => {
    const queue = unique("q");
    const key = { value: "k", until: "start" } as const;
    await broker();
    let runs = 0;
    let answers: unknown;
    let owner = "";
    await transaction(async (session) => {
      runs += 1;
      await s.jobs.findOne({ queue }, { session });
      if (runs === 1) [owner = ""] = await s.enqueue(queue, 1, { key });
      answers = await s.broker.enqueueWithin(session, [s.newJob(queue, { key })]);
    });
    expect(runs).toBe(2);
    expect(answers).toMatchObject([{ created: false, id: owner }]);
    expect(await s.jobs.countDocuments({ queue })).toBe(1);
  });

  test("a session that is none, or has no transaction, is refused", async () => {
    const queue = unique("q");
    await broker();
    const none = { inTransaction: () => true } as TransactionSession;
    await expect(s.broker.enqueueWithin(none, [s.newJob(queue)])).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await s.client.withSession(async (session) => {
      await expect(s.broker.enqueueWithin(session, [s.newJob(queue)])).rejects.toMatchObject({
        code: "INVALID_OPTION",
      });
    });
  });

  test("a session of another deployment is refused", async () => {
    const queue = unique("q");
    await broker();
    const name = async () => ({ setName: "elsewhere", hosts: ["x:1"] });
    const client = { db: () => ({ command: name, client }) } as unknown as MongoClient;
    const session = { client, inTransaction: () => true } as unknown as TransactionSession;
    await expect(s.broker.enqueueWithin(session, [s.newJob(queue)])).rejects.toThrow("connected to elsewhere (x:1)");
  });
});

describe("complete within a transaction", () => {
  const options = { url: s.url };
  const sleep = (session: ClientSession, claim: { id: string; queue: string; token: string }) =>
    complete(session, claim, { result: { ok: true } }, options);
  const unsure = { status: "retry", delay: 0 } as const;
  const claimed = (one: Parameters<typeof settlement>[0]) =>
    settlement(one, { status: "success", result: { ok: true }, otherwise: unsure });

  test("effects and success come with one commit; the settlement only confirms", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    await transaction(async (session) => {
      expect(await sleep(session, claim)).toBe(true);
      expect((await s.document(id))?.["status"]).toBe("started");
    });
    expect(await s.document(id)).toMatchObject({ status: "success", result: { ok: true }, attempt: 1 });
    expect(await s.broker.settle([claimed(claim)])).toEqual([{ state: "settled" }]);
    expect(await s.broker.settle([settlement(claim, unsure)])).toEqual([{ state: "settled" }]);
    expect((await s.document(id))?.["status"]).toBe("success");
  });

  test("what rolled back is settled otherwise", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    await transaction(async (session) => {
      await sleep(session, claim);
      return false;
    });
    expect(await s.broker.settle([claimed(claim)])).toEqual([{ state: "settled", as: unsure }]);
    expect((await s.document(id))?.["status"]).toBe("retry");
  });

  test("a settlement while the transaction is open waits for it, and then knows", async () => {
    const queue = unique("q");
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    let settling: Promise<unknown> = Promise.resolve();
    await transaction(async (session) => {
      await sleep(session, claim);
      settling = s.broker.settle([claimed(claim)]);
      await s.client.db().command({ ping: 1 });
    });
    expect(await settling).toEqual([expect.objectContaining({ state: "settled" })]);
    expect((await s.document(id))?.["status"]).toBe("success");
  });

  test("a delivery that was taken over completes nothing", async () => {
    const queue = unique("q");
    await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    await s.broker.settle([settlement(claim, { status: "interrupt" })]);
    const next = await s.claimOne(queue);
    await transaction(async (session) => {
      expect(await sleep(session, claim)).toBe(false);
      return false;
    });
    expect(await s.broker.settle([claimed(claim)])).toEqual([{ state: "lost" }]);
    expect(await s.broker.settle([settlement(next)])).toEqual([{ state: "settled" }]);
  });
});

/** The client has half a second to find it, which is little on a busy machine. */
function isThere(client: MongoClient): Promise<boolean> {
  return client
    .db()
    .command({ ping: 1 })
    .then(
      () => true,
      () => false,
    );
}

describe("a commit of which the client hears nothing", () => {
  const unsure = { status: "success", result: { ok: true }, otherwise: { status: "retry", delay: 0 } } as const;

  /** A transaction that adds a job, puts one into the outbox and ends one, up to its commit, by way of the proxy. */
  async function prepared() {
    await broker();
    const [queue, other] = [unique("q"), unique("relayed")];
    const [proxy, outbox] = [new Proxy(s.url), new MongoOutbox(s.connection)];
    const far = new MongoClient(await proxy.start());
    await waitFor("the server is found", () => isThere(far));
    const session = far.startSession();
    const [id = ""] = await s.enqueue(queue, 1);
    const claim = await s.claimOne(queue);
    await outbox.start();
    session.startTransaction();
    await s.broker.enqueueWithin(session, [s.newJob(queue)]);
    await outbox.add(session, [s.newJob(other)], () => undefined);
    expect(await complete(session, claim, { result: { ok: true } }, { url: s.url })).toBe(true);
    return {
      ...{ queue, id, claim, session, proxy },
      relayed: () => s.client.db().collection("outbox").countDocuments({ queue: other }),
      async commitAgain() {
        proxy.heal();
        const commit = () =>
          session.commitTransaction().then(
            () => true,
            () => false,
          );
        await waitFor("it is committed again", commit);
      },
      async [Symbol.asyncDispose]() {
        await session.endSession();
        await far.close();
        await proxy.close();
        await s.client.db().collection("outbox").deleteMany({ queue: other });
      },
    };
  }

  const commit = (session: ClientSession) => expect(session.commitTransaction()).rejects.toThrow(MongoError);

  test("because the answer was lost: what it added and ended is there once, also when it is committed again", async () => {
    await using t = await prepared();
    t.proxy.loseAnswers();
    await commit(t.session);
    expect(await s.broker.settle([settlement(t.claim, unsure)])).toEqual([{ state: "settled" }]);
    expect(await s.document(t.id)).toMatchObject({ status: "success", attempt: 1 });
    await t.commitAgain();
    expect((await s.broker.counts([t.queue])).get(t.queue)).toMatchObject({ success: 1, queued: 1 });
    expect(await t.relayed()).toBe(1);
  });

  test("because it never arrived: nothing is there until it is committed again, and then once", async () => {
    await using t = await prepared();
    t.proxy.loseRequests();
    await commit(t.session);
    expect(await s.document(t.id)).toMatchObject({ status: "started" });
    expect([await s.jobs.countDocuments({ queue: t.queue }), await t.relayed()]).toEqual([1, 0]);
    await t.commitAgain();
    expect(await s.broker.settle([settlement(t.claim, unsure)])).toEqual([{ state: "settled" }]);
    expect((await s.broker.counts([t.queue])).get(t.queue)).toMatchObject({ success: 1, queued: 1 });
    expect(await t.relayed()).toBe(1);
  });

  test("because it never arrived, and the client gives up: nothing is there ever, and the run counts as it ended", async () => {
    await using t = await prepared();
    t.proxy.loseRequests();
    await commit(t.session);
    // What the server does by itself when the transaction is too old (60 s).
    await s.client.db("admin").command({ killSessions: [t.session.id] });
    const answer = { state: "settled", as: unsure.otherwise };
    expect(await s.broker.settle([settlement(t.claim, unsure)])).toEqual([answer]);
    expect(await s.document(t.id)).toMatchObject({ status: "retry", attempt: 1 });
    t.proxy.heal();
    await expect(t.session.commitTransaction()).rejects.toThrow(MongoError);
    expect((await s.broker.counts([t.queue])).get(t.queue)).toMatchObject({ success: 0, queued: 0, retry: 1 });
    expect(await t.relayed()).toBe(0);
  });
});

describe("the outbox", () => {
  const outbox = new MongoOutbox(s.connection);
  const told: string[] = [];

  test("keeps what commits, hands it out once, and again when it was not deleted", async () => {
    const queue = unique("q");
    await outbox.start();
    const jobs = [s.newJob(queue, { due: { after: 60_000 }, priority: 3 }), s.newJob(queue)];
    await transaction(async (session) => {
      await outbox.add(session, jobs, () => told.push("ended"));
      await outbox.add(session, jobs, () => told.push("ended again"));
      expect(await outbox.take(10, 1)).toEqual([]);
    });
    expect(told).toEqual(["ended", "ended again"]);
    const lease = 2_000;
    const taken = (await Promise.all([1, 2, 3].map(() => outbox.take(10, lease)))).flat();
    expect(taken.map(({ id }) => id).sort()).toEqual(jobs.map(({ id }) => id).sort());
    const [delayed] = taken.filter(({ priority }) => priority === 3);
    expect(delayed?.due).toEqual({ at: expect.any(Number) });
    await outbox.delete([jobs[0]!.id]);
    const again = await waitFor("the other is handed out again", async () => {
      const found = await outbox.take(10, 60_000);
      return found.length > 0 && found.map(({ id }) => id);
    });
    expect(again).toEqual([jobs[1]!.id]);
    await outbox.delete([jobs[1]!.id]);
  });

  test("keeps nothing of what rolls back", async () => {
    await outbox.start();
    await transaction(async (session) => {
      await outbox.add(session, [s.newJob(unique("q"))], () => undefined);
      return false;
    });
    expect(await outbox.take(10, 1)).toEqual([]);
  });
});
