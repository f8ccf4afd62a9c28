import { describe, expect, test } from "@jest/globals";
import type { Claim } from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { idsOf, type Stage } from "../stage.js";

const queuesOf = (claims: readonly Claim[]) => claims.map(({ queue }) => queue);

export function queuesContract(stage: () => Stage): void {
  describe("several queues", () => {
    test("one that is full leaves the others their share", async () => {
      const s = stage();
      const small = ["a", "b", "c"].map((name) => `${s.queue}/${name}`);
      await s.enqueueMany(50);
      for (const queue of small) await s.enqueue({ queue });
      const claims = await s.claim({ queues: [s.queue, ...small], max: 8 });
      expect(claims).toHaveLength(8);
      expect(queuesOf(claims)).toEqual(expect.arrayContaining(small));
    });

    test("one slot at a time, each has its turn", async () => {
      const s = stage();
      const queues = ["a", "b", "c"].map((name) => `${s.queue}/${name}`);
      for (const queue of queues) await s.enqueueMany(4, { queue });
      const served: string[] = [];
      for (let i = 0; i < 12; i++) served.push((await s.claimOne({ queues })).queue);
      for (let i = 0; i < 12; i += 3) expect(new Set(served.slice(i, i + 3)).size).toBe(3);
    });

    test.each([3, 6])(
      "%i at a time: a job that comes back and has not begun leaves its queue the turn",
      async (max) => {
        const s = stage();
        const queues = Array.from({ length: max + 1 }, (_, i) => `${s.queue}/${i}`);
        for (const queue of queues) await s.enqueueMany(4, { queue });
        const [served, ...behind] = await s.claim({ queues, max });
        for (const claim of behind) await s.settle(claim, { status: "interrupt", limited: true });
        const next = await s.claim({ queues, max });
        expect(queuesOf(next).sort()).toEqual(queues.filter((queue) => queue !== served?.queue));
        expect(idsOf(next)).toEqual(expect.arrayContaining(idsOf(behind)));
      },
    );

    test("one of each is handed out, then the next of each", async () => {
      const s = stage();
      const queues = ["a", "b", "c"].map((name) => `${s.queue}/${name}`);
      for (const queue of queues) await s.enqueueMany(4, { queue });
      const served = queuesOf(await s.claim({ queues, max: 9 }));
      for (let i = 0; i < 9; i += 3) expect(served.slice(i, i + 3).sort()).toEqual(queues);
    });

    test("in their order the first gives all it has before the second is asked", async () => {
      const s = stage();
      const [high, low] = [`${s.queue}-high`, `${s.queue}-low`];
      await s.enqueueMany(3, { queue: low });
      await s.enqueueMany(5, { queue: high });
      const claims = await s.claim({ queues: [high, low], max: 7, inOrder: true });
      expect(queuesOf(claims)).toEqual([...Array(5).fill(high), ...Array(2).fill(low)]);
      expect(queuesOf(await s.claim({ queues: [high, low], inOrder: true }))).toEqual([low]);
    });

    test("of a paused tree give nothing, those that are made later included, until it is resumed", async () => {
      const s = stage();
      const queues = [`${s.queue}/a`, `${s.queue}/b/c`, `${s.queue}x`];
      await s.enqueue({ queue: queues[0] as string });
      await s.broker.pause(`${s.queue}/`);
      await s.enqueue({ queue: queues[1] as string });
      const outside = await s.enqueue({ queue: queues[2] as string });
      const seen: string[] = [];
      await waitFor("the pause to be seen by the other", async () => (await s.other.paused()).includes(`${s.queue}/`));
      await waitFor("what is outside to be claimed", async () => {
        for (const { id } of await s.claim({ queues })) seen.push(id);
        return seen.includes(outside);
      });
      expect(seen).toEqual([outside]);
      await s.other.resume(`${s.queue}/`);
      await waitFor("the tree to be claimed", async () => {
        for (const { id } of await s.claim({ queues })) seen.push(id);
        return seen.length === 3;
      });
    });
  });

  describe("claims of some tasks", () => {
    test("leave the others in line, in their places", async () => {
      const s = stage();
      await s.enqueueMany(30, { path: "mail.send" });
      const wanted = await s.enqueueMany(2, { path: "images.make" });
      const first = await s.claim({ paths: { only: ["images.*"] } });
      expect(first.map(({ id }) => id).sort()).toEqual([...wanted].sort());
      expect(await s.claim({ paths: { except: ["mail.*"] } })).toEqual([]);
      const rest = await s.claim({ max: 40, paths: { only: ["*"], except: ["images.*"] } });
      expect(rest).toHaveLength(30);
      expect(rest.every(({ deliveries }) => deliveries === 1)).toBe(true);
    });

    test("a pattern is no expression: its characters stand for themselves", async () => {
      const s = stage();
      await s.enqueue({ path: "mailXsend" });
      const id = await s.enqueue({ path: "tasks/mail-2#send$" });
      await s.enqueue({ path: "mail.send" });
      const claims = await s.claim({ paths: { only: ["mail.send", "tasks/*-2#send$"] } });
      expect(claims.map(({ path }) => path).sort()).toEqual(["mail.send", "tasks/mail-2#send$"]);
      expect(claims.some((claim) => claim.id === id)).toBe(true);
    });

    test("find what stands behind thousands of others", async () => {
      const s = stage();
      await s.enqueueMany(4500, { path: "mail.send" });
      const id = await s.enqueue({ path: "images.make" });
      const found = await waitFor("it is found", async () => {
        const claims = await s.claim({ paths: { only: ["images.*"] } });
        return claims.length > 0 && claims;
      });
      expect(found).toMatchObject([{ id }]);
    });

    test("nobody waits for what is not wanted here", async () => {
      const s = stage();
      const paths = { only: ["images.*"] };
      await s.enqueue({ path: "mail.send" });
      // The news of the enqueue may come late, and end a wait or two.
      const waits = () => waited(s, 300, () => s.claim({ paths }));
      await waitFor("a wait to last", async () => (await waits()) > 200);
    });
  });
}

async function waited(s: Stage, timeout: number, claim: () => Promise<unknown>): Promise<number> {
  await claim();
  const began = performance.now();
  await s.broker.waitForWork([s.queue], { timeout });
  return performance.now() - began;
}
