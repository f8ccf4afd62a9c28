import { describe, expect, test } from "@jest/globals";
import type { Source } from "@tandemq/core";
import type { Delivery } from "../../src/delivery.js";
import { endOutcomes } from "../../src/pools/end-outcomes.js";
import { FrameReader, encodeFrame } from "../../src/pools/frames.js";
import { spread } from "../../src/pools/spread.js";

describe("frames", () => {
  const texts = ["", "plain", "line\nline\r\n\u2028", "é𝒳\u0000", "x".repeat(100_000), "lone \ud800"];

  test.each([1, 3, 7, 8, 9, 64, 1_000_000])("come out as they went in, cut into pieces of %i bytes", (size) => {
    const bytes = Buffer.concat(texts.map((text, i) => encodeFrame(JSON.stringify({ i, text }), text)));
    const reader = new FrameReader();
    const seen: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      for (const frame of reader.push(bytes.subarray(at, at + size))) seen.push(frame);
    }
    expect(seen).toEqual(texts.map((text, i) => ({ head: { i, text }, body: text.toWellFormed() })));
  });

  test("keep the length of every text, so that bodies can be cut apart again", () => {
    const body = ["a\ud83d", "\ude00b", "é"];
    const [frame] = [...new FrameReader().push(encodeFrame("{}", body.join("")))];
    expect(frame?.body).toHaveLength(body.join("").length);
    expect(frame?.body.slice(3)).toBe("bé");
  });
});

describe("spreading jobs", () => {
  const places = (...free: number[]) => free.map((count) => ({ free: count, room: count }));

  test("gives each to where most room is", () => {
    const [a, b, c] = places(1, 3, 2);
    const { hands, left } = spread([a, b, c] as { free: number; room: number }[], [1, 2, 3, 4]);
    expect(left).toEqual([]);
    expect(
      [hands.get(a as never), hands.get(b as never), hands.get(c as never)].map((hand) => hand?.length ?? 0),
    ).toEqual([1, 2, 1]);
  });

  test("lets jobs wait only where no slot is free", () => {
    const [held, quick] = [
      { free: 1, room: 1 },
      { free: 0, room: 5 },
    ];
    const { hands, left } = spread([quick, held], [1, 2, 3]);
    expect([hands.get(held), hands.get(quick), left]).toEqual([[1], [2, 3], []]);
  });

  test("sends nothing beyond the room", () => {
    const { hands, left } = spread(places(1, 0, -2), ["a", "b"]);
    expect([...hands.values()]).toEqual([["a"]]);
    expect(left).toEqual(["b"]);
    expect(spread([], ["a"]).left).toEqual(["a"]);
  });
});

describe("the jobs of a child that ended", () => {
  const source = {} as Source;
  const running = [1, 2, 3].map((n): Delivery => ({ n, claim: {} as never, source, since: 0, state: "running" }));
  const free = { status: "interrupt" };
  const lost = { status: "interrupt", lost: true };
  const outcomes = (...args: [boolean, [number, "timeout"][], number?]) => {
    const [intended, verdicts, blamed] = args;
    const map = new Map(verdicts.map(([n, status]) => [n, { status, error: { name: "E", message: "" } }]));
    return endOutcomes({ running, intended }, map, blamed).map(([, outcome]) => outcome);
  };

  test("are all lost when nobody knows why", () => expect(outcomes(false, [])).toEqual([lost, lost, lost]));
  test("are free but for the one that is to blame", () => expect(outcomes(false, [], 2)).toEqual([free, lost, free]));
  test("are free when code of a run that is over is to blame", () =>
    expect(outcomes(false, [], 0)).toEqual([free, free, free]));
  test("are free when the supervisor wanted it", () => expect(outcomes(true, [])).toEqual([free, free, free]));
  test("are free but for the one beyond its limit", () => {
    expect(outcomes(true, [[3, "timeout"]])).toMatchObject([free, free, { status: "timeout" }]);
  });
});
