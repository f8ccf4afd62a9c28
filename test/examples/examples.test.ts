import { expect, test } from "@jest/globals";
import { type Example, readExamples, runExample } from "./example.js";

const examples = readExamples().map((example) => [example.name, example] as [string, Example]);

test.each(examples)("examples/%s prints what its expected.txt says", async (_, example) => {
  expect(await runExample(example)).toBe(example.expected);
});
