import { expect, test } from "@jest/globals";
import { didYouMean, unknownKeyMessage } from "@tandemq/core";

const known = ["worker", "queues", "mongo", "redis", "age"];

test.each([
  ["wroker", "worker"],
  ["Worker", "worker"],
  ["queue", "queues"],
  ["mogno", "mongo"],
  ["rediss", "redis"],
  ["ag", "age"],
  ["name", undefined],
  ["workshop", undefined],
  ["", undefined],
])("%p: %p", (word, meant) => expect(didYouMean(word, known)).toBe(meant));

test("the sentence names the nearest word, or all there are", () => {
  expect(unknownKeyMessage("mogno", known)).toBe('unknown option "mogno", did you mean "mongo"?');
  expect(unknownKeyMessage("zzz", ["a", "b"])).toBe('unknown option "zzz"; known are a, b');
});
