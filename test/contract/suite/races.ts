import { describe, expect, test } from "@jest/globals";
import type { Broker, Claim, JobChange } from "@tandemq/core";
import { failure, giveBack, hour, idsOf, type Stage } from "../stage.js";

/** Claims until so many were handed out to everybody together. */
async function claimer(s: Stage, broker: Broker, taken: Claim[], total: number, worker: string): Promise<void> {
  while (taken.length < total) {
    const claims = await s.claim({ max: 20, worker }, broker);
    taken.push(...claims);
  }
}

export function racesContract(stage: () => Stage): void {
  describe("races", () => {
    test("8 claimers, 2,000 jobs: each exactly once", async () => {
      const s = stage();
      const ids = await s.enqueueMany(2000);
      const taken: Claim[] = [];
      await Promise.all(Array.from({ length: 8 }, (_, i) => claimer(s, s.either(i), taken, 2000, `w${i % 4}`)));
      expect(taken).toHaveLength(2000);
      expect(idsOf(taken).sort()).toEqual(ids.sort());
      expect(taken.every((claim) => claim.deliveries === 1 && claim.lost === 0)).toBe(true);
    });

    test("8 claimers for one lapsed job: one gets it, and one loss is counted", async () => {
      const s = stage();
      const first = await s.started();
      await s.lapse(first);
      const claims = (await Promise.all(Array.from({ length: 8 }, (_, i) => s.claim({}, s.either(i))))).flat();
      expect(claims).toMatchObject([{ id: first.id, lost: 1, deliveries: 2 }]);
    });

    test.each<[string, JobChange, (claim: Claim) => boolean]>([
      ["params", { params: '{"n":2}' }, (claim) => claim.params === '{"n":2}'],
      ["priority", { priority: 3 }, (claim) => claim.priority === 3],
    ])(
      "%s changed while claimers look: the change was made if and only if the claim shows it",
      async (_, change, shows) => {
        const s = stage();
        const { claims, answers } = await raceWithEdits(s, change);
        expect(claims).toHaveLength(300);
        for (const claim of claims) expect(answers.get(claim.id)).toBe(shows(claim) ? "done" : "started");
      },
    );

    test.each(["due", "queue"] as const)(
      "%s changed while claimers look: done means that the old claim does not get it",
      async (what) => {
        const s = stage();
        const { claims, answers } = await raceWithEdits(
          s,
          what === "due" ? { due: { after: hour } } : { queue: `${s.queue}-b` },
        );
        const refused = [...answers].filter(([, answer]) => answer === "started").map(([id]) => id);
        expect(idsOf(claims).sort()).toEqual(refused.sort());
        const kept = (await s.broker.counts([what === "due" ? s.queue : `${s.queue}-b`])).values().next().value?.queued;
        expect(kept).toBe(300 - refused.length);
      },
    );

    test.each(["cancel", "remove"] as const)(
      "%s while claimers look: each job is either claimed or gone",
      async (verb) => {
        const s = stage();
        for (let round = 0; round < 5; round++) {
          const ids = await s.enqueueMany(200);
          const claiming = claimAll(s);
          const answers = await Promise.all(ids.map(async (id, i) => (await s.either(i)[verb]([s.ref(id)]))[0]));
          const claims = await claiming;
          expect(idsOf(claims).sort()).toEqual(ids.filter((_, i) => answers[i] === "started").sort());
        }
      },
    );

    test("settle against the claim that finds the lease lapsed: one of them wins", async () => {
      const s = stage();
      await s.enqueueMany(40);
      const held = await s.claim({ max: 40 });
      for (const claim of held.slice(0, 39)) await s.broker.extend([claim], 1);
      await s.lapse(held[39] as Claim);
      const [again, states] = await Promise.all([
        s.claim({ max: 40 }, s.other),
        Promise.all(held.map((claim) => s.settle(claim, failure))),
      ]);
      const late = await s.claim({ max: 40 });
      expect([...idsOf(again), ...idsOf(late)].sort()).toEqual(
        idsOf(held.filter((_, i) => states[i] === "lost")).sort(),
      );
    });

    test("given back and claimed in a crowd: never two holders", async () => {
      const s = stage();
      await s.enqueueMany(20);
      const holders = new Map<string, number>();
      const rounds = async (broker: Broker) => {
        for (let round = 0; round < 15; round++) await holdAndGiveBack(s, broker, holders);
      };
      await Promise.all([rounds(s.broker), rounds(s.other), rounds(s.broker), rounds(s.other)]);
      expect(Math.max(...holders.values())).toBe(0);
      expect(await s.claim({ max: 30 })).toHaveLength(20);
    });
  });
}

async function holdAndGiveBack(s: Stage, broker: Broker, holders: Map<string, number>): Promise<void> {
  const claims = await s.claim({ max: 5 }, broker);
  for (const { id } of claims) {
    expect(holders.get(id) ?? 0).toBe(0);
    holders.set(id, 1);
  }
  for (const { id } of claims) holders.set(id, 0);
  await Promise.all(claims.map((claim) => s.settle(claim, giveBack, broker)));
}

async function claimAll(s: Stage): Promise<Claim[]> {
  const taken: Claim[] = [];
  for (let empty = 0; empty < 5; ) {
    const claims = (await Promise.all([s.claim({ max: 7 }), s.claim({ max: 7 }, s.other)])).flat();
    taken.push(...claims);
    empty = claims.length === 0 ? empty + 1 : 0;
  }
  return taken;
}

async function raceWithEdits(s: Stage, change: JobChange): Promise<{ claims: Claim[]; answers: Map<string, string> }> {
  const ids = await s.enqueueMany(300);
  const edits = ids.map(async (id, i) => [id, (await s.either(i).edit([s.ref(id)], change))[0] ?? "none"] as const);
  const claiming = claimAll(s);
  const answers = new Map(await Promise.all(edits));
  const claims = [...(await claiming), ...(await claimAll(s))];
  return { claims, answers };
}
