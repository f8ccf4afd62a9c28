import { describe, expect, test } from "@jest/globals";
import type { Claim, KeyUntil } from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { failure, giveBack, hour, idsOf, retry, type Stage, success } from "../stage.js";

const key = (until: KeyUntil, value = "k") => ({ key: { value, until } });
const created = (id: string) => ({ state: "enqueued", id, created: true });
const taken = (id: string) => ({ state: "enqueued", id, created: false });

async function isTaken(s: Stage, id: string): Promise<boolean> {
  const [answer] = await s.broker.enqueue([s.newJob(key("start"))]);
  return answer?.state === "enqueued" && !answer.created && answer.id === id;
}

export function keysContract(stage: () => Stage): void {
  describe("unique keys", () => {
    test.each(["start", "finish"] as const)("until %s: a waiting job has it, whoever asks", async (until) => {
      const s = stage();
      const id = await s.enqueue(key(until));
      expect(await s.broker.enqueue([s.newJob(key(until))])).toEqual([taken(id)]);
      expect(await s.other.enqueue([s.newJob(key(until))])).toEqual([taken(id)]);
      expect(idsOf(await s.claim())).toEqual([id]);
    });

    test("until start: free from the first claim on", async () => {
      const s = stage();
      const first = await s.started(key("start"));
      const job = s.newJob(key("start"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
      expect(await s.broker.enqueue([s.newJob(key("start"))])).toEqual([taken(job.id)]);
      expect(await s.settle(first, success)).toBe("settled");
      expect(await s.broker.enqueue([s.newJob(key("start"))])).toEqual([taken(job.id)]);
    });

    test.each([giveBack, retry])("until start: not taken again by $status", async (outcome) => {
      const s = stage();
      const first = await s.ended(outcome, key("start"));
      const job = s.newJob(key("start"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
      expect(idsOf(await s.claim()).sort()).toEqual([first.id, job.id].sort());
    });

    test("until start: a claim that a limit refuses keeps it, however often, and `begin` frees it", async () => {
      const s = stage();
      const id = await s.enqueue(key("start"));
      const verdicts = [-1, 1, 0];
      const looks: boolean[] = [];
      const admit = async (claims: readonly Claim[]) => {
        looks.push((await isTaken(s, id)) && claims.length === 1);
        return claims.map(() => verdicts.shift() ?? 0);
      };
      const claim = await waitFor("the limit lets it start", async () => (await s.claim({ max: 1, admit }))[0]);
      expect([looks, verdicts, await isTaken(s, id)]).toEqual([[true, true, true], [], true]);
      await s.broker.begin([{ ...claim, token: `${claim.token}0` }]);
      expect(await isTaken(s, id)).toBe(true);
      await s.other.begin([claim]);
      const job = s.newJob(key("start"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
      await s.broker.begin([claim]);
      expect(await isTaken(s, job.id)).toBe(true);
      expect(await s.settle(claim, success)).toBe("settled");
      expect(await isTaken(s, job.id)).toBe(true);
    });

    test("until start: kept by a claim that never began, it is free when the job ends", async () => {
      const s = stage();
      const id = await s.enqueue(key("start"));
      const claim = await s.claimOne({ keepsKeys: true });
      expect(await isTaken(s, id)).toBe(true);
      await s.settle(claim, failure);
      const job = s.newJob(key("start"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
    });

    test("until finish: taken during the run, free after it", async () => {
      const s = stage();
      const first = await s.started(key("finish"));
      expect(await s.broker.enqueue([s.newJob(key("finish"))])).toEqual([taken(first.id)]);
      await s.settle(first, success);
      const job = s.newJob(key("finish"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
    });

    test.each([giveBack, retry])("until finish: still taken after $status", async (outcome) => {
      const s = stage();
      const first = await s.ended(outcome, key("finish"));
      expect(await s.broker.enqueue([s.newJob(key("finish"))])).toEqual([taken(first.id)]);
    });

    test("after a crash: until start it stays free, until finish it stays taken until the next delivery ends", async () => {
      const s = stage();
      const [a, b] = [await s.started(key("start", "a")), await s.started(key("finish", "b"))];
      await s.lapse(a);
      await s.lapse(b);
      const [x, y] = [s.newJob(key("start", "a")), s.newJob(key("finish", "b"))];
      expect(await s.broker.enqueue([x, y])).toEqual([created(x.id), taken(b.id)]);
      const again = (await s.claim()).find((claim) => claim.id === b.id);
      if (!again) throw new Error("the lapsed job was not delivered again");
      await s.settle(again, failure);
      expect(await s.broker.enqueue([y])).toEqual([created(y.id)]);
    });

    test("a zombie of the key's earlier owner does not free it", async () => {
      const s = stage();
      const zombie = await s.started(key("finish"));
      await s.lapse(zombie);
      await s.settle(await s.claimOne(), success);
      const owner = await s.enqueue(key("finish"));
      expect(await s.settle(zombie, failure)).toBe("lost");
      expect(await s.broker.enqueue([s.newJob(key("finish"))])).toEqual([taken(owner)]);
    });

    test.each(["cancel", "remove", "purge"] as const)("%s frees it", async (verb) => {
      const s = stage();
      const id = await s.enqueue(key("finish"));
      await (verb === "purge" ? s.broker.purge(s.queue) : s.broker[verb]([s.ref(id)]));
      const job = s.newJob(key("finish"));
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
    });

    test.each(["start", "finish"] as const)(
      "until %s: goes along when its job moves to another queue",
      async (until) => {
        const s = stage();
        const queue = `${s.queue}-b`;
        const id = await s.enqueue({ ...key(until), due: { after: hour } });
        expect(await s.broker.edit([s.ref(id)], { queue })).toEqual(["done"]);
        const job = s.newJob(key(until));
        expect(await s.broker.enqueue([job, s.newJob({ ...key(until), queue })])).toEqual([created(job.id), taken(id)]);
        expect(await s.broker.edit([{ id, queue }], { due: { after: 0 } })).toEqual(["done"]);
        const claim = await s.claimOne({ queues: [queue] });
        expect(claim).toMatchObject({ id, ...key(until) });
        await s.settle(claim, success);
        const next = s.newJob({ ...key(until), queue });
        expect(await s.broker.enqueue([next])).toEqual([created(next.id)]);
      },
    );

    test("that another has in the new queue: its job stays where and as it was, the rest moves", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const theirs = await s.enqueue({ ...key("finish"), queue });
      const [mine, other] = [await s.enqueue({ ...key("finish"), due: { after: hour } }), await s.enqueue()];
      const before = await s.job(mine);
      expect(await s.broker.edit([s.ref(mine), s.ref(other)], { queue, priority: 3 })).toEqual(["keyTaken", "done"]);
      expect(await s.job(mine)).toEqual(before);
      expect(await s.broker.enqueue([s.newJob(key("finish"))])).toEqual([taken(mine)]);
      expect(await s.claim()).toEqual([]);
      expect(idsOf(await s.claim({ queues: [queue] }))).toEqual([other, theirs]);
      await s.broker.remove([{ id: theirs, queue }]);
      await s.broker.edit([s.ref(mine)], { due: { after: 0 } });
      expect(await s.claimOne()).toMatchObject({ id: mine, ...key("finish"), lost: 0 });
    });

    test("that was free from the start on is not taken again by a move", async () => {
      const s = stage();
      const queue = `${s.queue}-b`;
      const begun = await s.ended(retry, key("start"));
      const theirs = await s.enqueue({ ...key("start"), queue });
      expect(await s.broker.edit([begun], { queue })).toEqual(["done"]);
      expect(idsOf(await s.claim({ queues: [queue] })).sort()).toEqual([begun.id, theirs].sort());
    });

    test("asking twice with the same id is not a duplicate", async () => {
      const s = stage();
      const job = s.newJob(key("start"));
      await s.broker.enqueue([job]);
      expect(await s.broker.enqueue([job])).toEqual([created(job.id)]);
    });

    test("duplicates inside one batch: the first wins, and is named", async () => {
      const s = stage();
      const jobs = [
        s.newJob(key("start", "a")),
        s.newJob(key("start", "a")),
        s.newJob(key("finish", "b")),
        s.newJob(key("finish", "b")),
      ];
      const [a, , b] = jobs;
      const answers = await s.broker.enqueue(jobs);
      expect(answers).toEqual([created(a?.id ?? ""), taken(a?.id ?? ""), created(b?.id ?? ""), taken(b?.id ?? "")]);
      expect(await s.claim()).toHaveLength(2);
    });

    test("keyless and keyed jobs live side by side", async () => {
      const s = stage();
      const id = await s.enqueue(key("finish"));
      const batch = [s.newJob(), s.newJob(key("finish")), s.newJob(), s.newJob(key("finish", "other"))];
      expect(await s.broker.enqueue(batch)).toMatchObject([
        { created: true },
        taken(id),
        { created: true },
        { created: true },
      ]);
      expect(await s.claim()).toHaveLength(4);
    });

    test("a key is unique per queue, and a delayed job has its own", async () => {
      const s = stage();
      const id = await s.enqueue({ ...key("start"), due: { after: hour } });
      const elsewhere = s.newJob({ ...key("start"), queue: `${s.queue}-b` });
      expect(await s.broker.enqueue([elsewhere, s.newJob(key("start"))])).toEqual([created(elsewhere.id), taken(id)]);
    });

    test("racing for one key makes one job, and all are told its id", async () => {
      const s = stage();
      const ask = (_: unknown, i: number) => s.either(i).enqueue([s.newJob(key("start"))]);
      const answers = (await Promise.all(Array.from({ length: 40 }, ask))).flat();
      const [claim, ...more] = await s.claim();
      expect(more).toEqual([]);
      expect(answers.filter((answer) => answer.state === "enqueued" && answer.created)).toHaveLength(1);
      expect(answers.every((answer) => answer.state === "enqueued" && answer.id === claim?.id)).toBe(true);
    });
  });
}
