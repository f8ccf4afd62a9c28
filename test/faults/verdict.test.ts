import { describe, expect, test } from "@jest/globals";
import { judge, type LedgerRecord, settleWindow } from "../../scripts/faults/ledger/verdict.mjs";

const producer = 1;
const empty = { queued: 0, started: 0, retry: 0, interrupt: 0, success: 0, failed: 0 };
const counts = (over: object) => ({ ...empty, ...over });

/** A ledger from `verb number pid` lines, one millisecond apart unless the line ends in a time. */
function ledger(...lines: string[]): LedgerRecord[] {
  return lines.map((line, i) => {
    const [verb, number, pid = producer, at = i] = line.split(" ");
    return {
      verb: verb as LedgerRecord["verb"],
      number: Number(number),
      pid: Number(pid),
      at: Number(at),
      id: `id-${number}`,
    };
  });
}

const once = ["TRY 0", "OK 0", "START 0 9", "END 0 9"];

describe("the verdict on a ledger", () => {
  test("one job that ran once is in order", () => {
    const verdict = judge({ records: ledger(...once), faults: [], counts: counts({ success: 1 }) });
    expect(verdict).toMatchObject({ acknowledged: 1, lost: 0, twice: 0, violations: [] });
  });

  test("an acknowledged job without an end is lost", () => {
    const verdict = judge({ records: ledger("TRY 0", "OK 0", "START 0 9"), faults: [], counts: empty });
    expect(verdict.lost).toBe(1);
    expect(verdict.violations).toEqual(["1 jobs were acknowledged and never ended"]);
  });

  test("an enqueue that was never acknowledged may run or not", () => {
    const never = judge({ records: ledger("TRY 0"), faults: [], counts: empty });
    const ran = judge({ records: ledger("TRY 0", "START 0 9", "END 0 9"), faults: [], counts: counts({ success: 1 }) });
    expect([never, ran]).toMatchObject([
      { unacknowledged: 1, violations: [] },
      { lost: 0, violations: [] },
    ]);
  });

  test("a second run is excused only where the first was in flight on a victim", () => {
    const records = ledger("TRY 0", "OK 0", "START 0 9", "START 0 8 100", "END 0 8 101");
    const hit = { at: 50, until: 60, pids: [9] };
    const success = counts({ success: 1 });
    expect(judge({ records, faults: [hit], counts: success })).toMatchObject({
      twice: 1,
      unexcused: 0,
      violations: [],
    });
    for (const faults of [[], [{ ...hit, pids: [7] }]]) {
      expect(judge({ records, faults, counts: success })).toMatchObject({ twice: 1, unexcused: 1 });
    }
  });

  test("a job that ended long before the fault was settled: it must not run again", () => {
    const again = ["START 0 8 9000", "END 0 8 9001"];
    const verdictAt = (at: number) =>
      judge({
        records: ledger(...once, ...again),
        faults: [{ at, until: at, pids: [9] }],
        counts: counts({ success: 1 }),
      });
    expect(verdictAt(settleWindow - 1).unexcused).toBe(0);
    expect(verdictAt(settleWindow + 100).unexcused).toBe(1);
  });

  test("two runs at the same time overlap", () => {
    const records = ledger("TRY 0", "OK 0", "START 0 9", "START 0 8", "END 0 9", "END 0 8");
    expect(judge({ records, faults: [], counts: counts({ success: 1 }) }).overlaps).toBe(1);
  });

  test("a run overlaps with a next one that began before its process was dead", () => {
    const records = ledger("TRY 0", "OK 0", "START 0 9 10", "START 0 8 55", "END 0 8 70");
    const verdict = judge({ records, faults: [{ at: 50, until: 60, pids: [9] }], counts: counts({ success: 1 }) });
    expect(verdict).toMatchObject({ overlaps: 1, unexcused: 0 });
  });

  test("a run of what nobody enqueued is a phantom, two ids for one enqueue are a double", () => {
    const phantom = judge({ records: ledger("START 0 9", "END 0 9"), faults: [], counts: counts({ success: 1 }) });
    expect(phantom.violations).toEqual(["1 jobs ran without having been enqueued"]);
    const records = ledger(...once, ...once.slice(2)).map((record, i) =>
      i === 4 ? { ...record, id: "other" } : record,
    );
    const double = judge({ records, faults: [{ at: 0, until: 9, pids: [9] }], counts: counts({ success: 1 }) });
    expect(double.violations).toEqual(["1 jobs ran under two ids for one enqueue"]);
  });

  test("healthy jobs that were set aside are told apart from poison", () => {
    const records = ledger(...once, "TRY 1", "OK 1", "START 1 9");
    const evidence = { records, faults: [], poison: new Set([1]) };
    expect(judge({ ...evidence, counts: counts({ success: 1, failed: 1 }) }).violations).toEqual([]);
    expect(judge({ ...evidence, counts: counts({ success: 1, failed: 2 }) }).setAside).toBe(1);
    expect(judge({ ...evidence, counts: counts({ success: 1 }) }).violations).toEqual([
      "0 of 1 poison jobs were set aside",
    ]);
  });

  test("what the product counts must be what the ledger holds", () => {
    const verdict = judge({ records: ledger(...once), faults: [], counts: counts({ success: 2, started: 1 }) });
    expect(verdict.violations).toEqual([
      "1 jobs are still live at the end",
      "the counts tell 2 successes, the ledger 1",
    ]);
  });
});
