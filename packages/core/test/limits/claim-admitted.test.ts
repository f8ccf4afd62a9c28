import { expect, test } from "@jest/globals";
import { claimAdmitted } from "../../src/limits/claim-admitted.js";
import type { Admit, Claim, ClaimAnswer, Settlement } from "../../src/model/claim.js";

const asked = { queues: ["q"], max: 2, lease: 1000, worker: "w" };

/** A line of jobs named by numbers; those that go back are gone for the test. What it is told stands in `story`. */
function lineOf(count: number, settled: () => Promise<unknown> = async () => {}) {
  const story: string[] = [];
  let next = 0;
  const claim = async ({ max }: { max: number }): Promise<ClaimAnswer> => {
    story.push(`claim ${max}`);
    const ids = Array.from({ length: Math.max(0, Math.min(max, count - next)) }, () => String(next++));
    return { claims: ids.map((id) => ({ id, queue: "q", token: "t" }) as Claim), setAside: [] };
  };
  const settle = async (settlements: readonly Settlement[]) => {
    story.push(`back ${settlements.length}`);
    await settled();
    story.push("are back");
    return [];
  };
  return { story, broker: { claim, settle } };
}

function onlyFrom(first: number): Admit {
  return async (claims, room) => {
    let left = room;
    return claims.map(({ id }) => (Number(id) < first ? 500 : left-- > 0 ? 0 : -1));
  };
}

test("takes more and more while all must wait, and hands out what may start", async () => {
  const { story, broker } = lineOf(100);
  const { claims } = await claimAdmitted({ ...asked, admit: onlyFrom(10) }, broker);
  expect(claims.map(({ id }) => id)).toEqual(["10", "11"]);
  expect(story.filter((line) => line.startsWith("claim"))).toEqual(["claim 2", "claim 8", "claim 32"]);
});

test("takes the next while those before go back, and answers when all are back", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { story, broker } = lineOf(4, () => gate);
  let answered = false;
  const answer = claimAdmitted({ ...asked, admit: onlyFrom(2) }, broker).then(({ claims }) => {
    answered = true;
    return claims;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(story).toEqual(["claim 2", "back 2", "claim 8"]);
  expect(answered).toBe(false);
  open();
  expect(await answer).toHaveLength(2);
  expect(story).toEqual(["claim 2", "back 2", "claim 8", "are back"]);
});

test("all go back where nobody can say which may start", async () => {
  const { story, broker } = lineOf(2);
  const admit = () => Promise.reject(new Error("the limits are away"));
  await expect(claimAdmitted({ ...asked, admit }, broker)).rejects.toThrow("away");
  expect(story).toEqual(["claim 2", "back 2", "are back"]);
});
