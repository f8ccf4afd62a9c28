import { expect, test } from "@jest/globals";
import { Pace } from "@tandemq/core";

test("looks that find nothing become rarer up to a bound, and one that finds something makes them frequent again", () => {
  const pace = new Pace(100, 500);
  const times = Array.from({ length: 5 }, () => {
    const { current } = pace;
    pace.missed();
    return current;
  });
  expect(times).toEqual([100, 200, 400, 500, 500]);
  pace.found();
  expect(pace.current).toBe(100);
});
