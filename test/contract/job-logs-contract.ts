import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type JobLogLine, type JobLogs, type LogChunk, newJobId } from "@tandemq/core";

export interface JobLogsHarness {
  readonly logs: JobLogs;
  close(): Promise<void>;
}

/** Every promise of the `JobLogs` port, as tests. */
export function jobLogsContract(name: string, open: () => Promise<JobLogsHarness>): void {
  describe(`the contract of job logs: ${name}`, () => {
    let harness: JobLogsHarness;
    let logs: JobLogs;
    beforeAll(async () => {
      harness = await open();
      logs = harness.logs;
    });
    afterAll(() => harness.close());

    test("lines come back as they were written, in their order, each job its own", async () => {
      const [job, other] = [newJobId(), newJobId()];
      const odd = line("NUL \u0000, half \ud83d, ünï ✓".toWellFormed(), { data: { "a.b": 1, $c: [null, "\u0000"] } });
      const chunks = [chunk(job, [line("one"), odd]), chunk(other, [line("theirs")]), chunk(job, [line("three")])];
      await logs.append(chunks);
      expect((await logs.read(job)).flatMap(({ lines }) => lines)).toEqual([line("one"), odd, line("three")]);
      expect(await logs.read(newJobId())).toEqual([]);
      expect(await logs.read(job, [chunks[0]!.id])).toEqual([chunks[2]]);
    });

    test("appending can be asked twice", async () => {
      const job = newJobId();
      const first = chunk(job, [line("first")]);
      await logs.append([first]);
      await logs.append([first, chunk(job, [line("second")])]);
      expect((await logs.read(job)).flatMap(({ lines }) => lines.map(({ message }) => message))).toEqual([
        "first",
        "second",
      ]);
      await logs.append([]);
    });

    test("trimming deletes the oldest beyond the limits, and remembers how many lines went", async () => {
      const [job, other] = [newJobId(), newJobId()];
      const numbered = (n: number) => chunk(job, [line(`${n}a`), line(`${n}b`)]);
      await logs.append([numbered(1), numbered(2), numbered(3), chunk(other, [line("x"), line("y"), line("z")])]);
      const read = async () => (await logs.read(job)).map(({ lines, dropped }) => [lines[0]?.message, dropped]);
      const wide = { lines: 100, bytes: 1_000_000 };
      await logs.trim([job, newJobId()], wide);
      expect(await read()).toEqual([
        ["1a", 0],
        ["2a", 0],
        ["3a", 0],
      ]);
      await logs.trim([job], { ...wide, lines: 4 });
      expect(await read()).toEqual([
        ["2a", 2],
        ["3a", 0],
      ]);
      await logs.trim([job], { ...wide, bytes: 1 });
      expect(await read()).toEqual([["3a", 4]]);
      expect(await logs.read(other)).toHaveLength(1);
    });
  });
}

/** All in one millisecond: the order is that of the writing. */
const at = new Date(Date.UTC(2026, 0, 1));

function line(message: string, over: Partial<JobLogLine> = {}): JobLogLine {
  return { at, level: "info", message, attempt: 1, ...over };
}

function chunk(job: string, lines: readonly JobLogLine[]): LogChunk {
  return { id: newJobId(), job, lines, dropped: 0 };
}
