import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { commandsOf, mistakesOf } from "./commands.js";
import { type Fence, readFences, root } from "./fences.js";

const fences = readFences();
const isCode = ({ language, info }: Fence) =>
  /^(js|mjs|cjs|ts|javascript|typescript|python|py)$/.test(language) && info !== "signature";

const named = (fence: Fence): [string, Fence] => [fence.place, fence];

describe("code in the pages is quoted from a file that a test runs", () => {
  test.each(fences.filter(isCode).map(named))("%s", (_, { info, text }) => {
    expect(info).toMatch(/^(examples|test|scripts)\//);
    expect(existsSync(root + info)).toBe(true);
    expect(readFileSync(root + info, "utf8")).toContain(text);
  });
});

describe("commands in the pages exist, with their flags", () => {
  const lines = fences
    .filter(({ language }) => /^(sh|bash|console)$/.test(language))
    .flatMap(({ place, text }) => commandsOf(text).map((words) => [place, words.join(" "), words] as const));

  test.each(lines)("%s: tandemq %s", async (_place, _line, words) => {
    expect(await mistakesOf(words)).toEqual([]);
  });
});
