import { expect, test } from "@jest/globals";
import { Rate } from "../../src/supervisor/reporting/rate.js";

test("the rate is that of the last minute", () => {
  const rate = new Rate(1000);
  expect(rate.at(0, 1000)).toBe(0);
  expect(rate.at(50, 11_000)).toBe(5);
  for (let second = 12; second <= 100; second++) rate.at(50, second * 1000);
  expect(rate.at(50, 120_000)).toBe(0);
  expect(rate.at(650, 180_000)).toBe(10);
});

test("many looks keep few marks", () => {
  const rate = new Rate(0);
  for (let ms = 1; ms < 100_000; ms++) rate.at(ms, ms);
  expect(rate.at(100_000, 100_000)).toBeCloseTo(1000, -1);
});
