import { expect, test } from "@jest/globals";
import { InvalidOptionError, toMs } from "@tandemq/core";

test.each<[number | string, number]>([
  [0, 0],
  [1500, 1500],
  [1.4, 1],
  ["250ms", 250],
  ["30s", 30_000],
  ["1.5s", 1500],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  [" 10 s ", 10_000],
])("%p is %p ms", (value, ms) => {
  expect(toMs(value)).toBe(ms);
});

test.each<[number | string]>([
  [-1],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [""],
  ["10"],
  ["s"],
  ["-5s"],
  ["5 weeks"],
  ["1e3ms"],
  ["5S"],
  ["5s5s"],
])("%p is refused, with the option's name", (value) => {
  expect(() => toMs(value, "timeout")).toThrow(InvalidOptionError);
  expect(() => toMs(value, "timeout")).toThrow(/^timeout: expected milliseconds or a duration such as "30s"/);
});

test.each<[unknown]>([[null], [undefined], [{}], [true], [10n], [[5]]])(
  "%p, which the types forbid, is refused in the same way",
  (value) => {
    expect(() => toMs(value as string, "timeout")).toThrow(InvalidOptionError);
  },
);
