import { expect, test } from "@jest/globals";
import { drawChart } from "../../bench/charts/draw.mjs";
import { judge } from "../../bench/lib/figures.mjs";
import { assertExactlyOnce } from "../../bench/lib/ledger.mjs";
import { writePage } from "../../bench/lib/publish.mjs";
import { quantile, ratioOf } from "../../bench/lib/statistics.mjs";

const series = (name: string, variant: string, rounds: number[]) => {
  const [min, max] = [Math.min(...rounds), Math.max(...rounds)];
  return { case: name, variant, unit: "jobs/s", median: quantile(rounds, 0.5), min, max, rounds };
};
const title = "Process <no-op> jobs";
const measured = [
  series("process c=100", "no-storage", [300, 400, 500]),
  series("process c=100", "bullmq", [100, 100, 250]),
];
const results = [{ name: "process c=100", title, unit: "jobs/s", series: measured }];
const [ours, against] = ["process c=100: no-storage", "process c=100: bullmq"];

test("a ratio is the median of the rounds' own ratios", () => {
  expect(ratioOf([300, 400, 500], [100, 100, 250])).toMatchObject({ median: 3, min: 2, max: 4 });
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
});

test("a figure is held, missed or only told; one that was not measured is left out, one whose case failed fails", () => {
  const verdict = (figure: object, from: unknown[] = results) =>
    judge([{ ours, against, ...figure }], from)[0]?.verdict;
  expect([verdict({ atLeast: 3 }), verdict({ atLeast: 3.1 }), verdict({ atMost: 2 }), verdict({})]).toEqual([
    ...["held", "missed", "missed", "told"],
  ]);
  expect(verdict({ ours: "idle: x", atLeast: 1 })).toBeUndefined();
  const failed = [{ ...results[0], series: [{ ...measured[0], error: "it fell over" }, measured[1]] }];
  expect(verdict({ atLeast: 3 }, failed)).toBe("failed");
});

test("a job that ran twice, or never, or that nobody knows, is no figure", () => {
  expect(() => assertExactlyOnce([0, 1, 2], 3)).not.toThrow();
  for (const numbers of [
    [0, 1],
    [0, 1, 1],
    [0, 1, 2, 7],
  ])
    expect(() => assertExactlyOnce(numbers, 3)).toThrow(/of 3 jobs/);
});

test("chart and page show every queue with its figure, its spread and its verdict", () => {
  const result = {
    ...{ results, figures: judge([{ name: "ours to theirs", ours, against, atLeast: 3.5, aim: 6 }], results) },
    machine: { cores: 2, model: "a CPU", memory: "8 GB", load: "0.10", node: "v20.0.0" },
    versions: { redis: "7.0", mongod: "6.0", bullmq: "6.7.0" },
    ...{ settings: { redis: "none", mongo: "one" }, promises: { bullmq: "Redis" }, seconds: 600, quick: false },
  };
  const chart = drawChart(result);
  expect(chart.match(/<rect class="(ours|theirs)"/g)).toHaveLength(2);
  for (const text of ["TandemQ no-storage", "BullMQ", "median of 3 interleaved rounds"]) expect(chart).toContain(text);
  const page = writePage(result);
  expect(page).toContain("| ours to theirs | 3× | 2 – 4 | ≥ 3.5× | 6× | MISSED |");
  expect(page).toContain("| bullmq | 100 | jobs/s | 100 – 250 | 3 rounds |");
});
