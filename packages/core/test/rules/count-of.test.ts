import { expect, test } from "@jest/globals";
import { countOf } from "@tandemq/core";

test.each([
  [0, "0 jobs"],
  [1, "1 job"],
  [2, "2 jobs"],
  [12_345, "12,345 jobs"],
])("%d of something", (number, sentence) => expect(countOf(number, "job")).toBe(sentence));

test("words that differ by number stand in the sentence as they are", () => {
  expect(countOf(1, "entry is", "entries are")).toBe("1 entry is");
  expect(countOf(2, "entry is", "entries are")).toBe("2 entries are");
});
