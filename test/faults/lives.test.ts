import { tmpdir } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { judge } from "../../scripts/lives/judge.mjs";

const queue = "regular/a";
const added = (more: object = {}) => [
  { verb: "TRY", op: "enqueue", n: 1, at: 10, options: { queue, ...more } },
  { verb: "OK", op: "enqueue", n: 1, at: 20, id: "one", created: true },
];
const run = (at: number, more: object = {}) => [
  { verb: "START", id: "one", n: 1, at, pid: 9, fate: "ok", queue, attempt: 1, attempts: 1, ...more },
  { verb: "END", id: "one", n: 1, at: at + 10, pid: 9, how: "ok", ...more },
];
const success = { id: "one", queue, status: "success" };
const nothing = { jobs: [success], counts: {}, keys: [], effects: [], leftovers: [] };

/** The rules that this story breaks. */
function broken(records: readonly object[], outcome: object = {}, faults: readonly object[] = []): string[] {
  const rest = { faults, setup: { faults: "stores" }, memory: [[90]], ends: [{ code: 0 }], folder: tmpdir() };
  const { violations } = judge({ records, outcome: { ...nothing, ...outcome }, ...rest });
  return violations.map((sentence) => sentence.split(":")[0] ?? "");
}

describe("the judge of a random life", () => {
  test("one job that ran once is in order", () => {
    expect(broken([...added(), ...run(30)])).toEqual([]);
  });

  test.each([
    ["a job that is gone", "kept", [...added(), ...run(30)], { jobs: [] }],
    ["a job that is there twice", "kept", [...added(), ...run(30)], { jobs: [success, success] }],
    ["a job that never ends", "kept", added(), { jobs: [{ ...success, status: "retry" }] }],
    ["a status that its last run does not have", "status", [...added(), ...run(30, { how: "thrown" })], {}],
    ["a run after a success", "again", [...added(), ...run(30), ...run(5000)], {}],
    ["two runs at a time", "overlaps", [...added(), ...run(30, { how: "thrown" }), ...run(35, { pid: 8 })], {}],
    ["a run before its time", "times", [...added({ delay: 500 }), ...run(30)], {}],
    ["a run of what was rolled back", "rolledBack", [...added(), { verb: "ROLLED", n: 1, at: 25 }, ...run(30)], {}],
    [
      "a run in a paused queue",
      "paused",
      [...added(), { verb: "PAUSED", name: queue, at: 5, call: 1 }, ...run(9000)],
      {},
    ],
    [
      "a waiter who hears nothing",
      "waiters",
      [...added(), { verb: "WAIT", id: "one", call: 1, at: 25 }, ...run(30)],
      {},
    ],
    ["a count that is wrong", "counted", [...added(), ...run(30)], { counts: { [queue]: { success: 2 } } }],
    ["a key that is held by nobody", "freed", [...added(), ...run(30)], { keys: [{ queue, created: false, id: "x" }] }],
    ["an effect without its success", "effects", added(), { effects: ["one", "one"] }],
    ["what is left over", "left", [...added(), ...run(30)], { leftovers: ["a key"] }],
    ["an error", "errors", [...added(), ...run(30), { verb: "ERROR", deed: "look", text: "boom", at: 50 }], {}],
  ])("%s is told", (_, rule, records, outcome) => {
    expect(broken(records, outcome)).toContain(rule);
  });

  test("an enqueue that is answered with a job that does not begin any more is swallowed", () => {
    const key = { value: "k", until: "start" };
    const late = [
      { verb: "TRY", op: "enqueue", n: 2, at: 60, options: { queue, key } },
      { verb: "OK", op: "enqueue", n: 2, at: 70, id: "one", created: false },
    ];
    expect(broken([...added({ key }), ...run(30), ...late])).toEqual(["swallowed"]);
    expect(broken([...added({ key }), ...run(65), ...late])).toEqual([]);
  });

  test("a second run is excused where the first was in flight on a victim", () => {
    const records = [...added(), ...run(30), ...run(5000)];
    expect(broken(records, {}, [{ kind: "kill", at: 45, until: 60, pids: [9] }])).toEqual([]);
    expect(broken(records, {}, [{ kind: "kill", at: 45, until: 60, pids: [7] }])).toEqual(["again"]);
  });

  test("runs of one group at a time are counted", () => {
    const three = ["one", "two", "three"].flatMap((id) => run(30, { id, path: "lives.two", group: "g" }));
    expect(broken([...added(), ...three])).toContain("concurrency");
    expect(broken([...added(), ...three.slice(0, 4)])).not.toContain("concurrency");
  });
});
