import { plainShape } from "@tandemq/core";
import { describe, expect, test } from "@jest/globals";
import { matchesPattern, ruleOf } from "../../src/config/queue-rules.js";
import type { QueueRule } from "../../src/config/config.js";

describe("patterns", () => {
  test.each([
    ["crawl/*", "crawl/a", true],
    ["crawl/*", "crawl/a/b", true],
    ["crawl/*", "crawl", false],
    ["crawl/", "crawl/a", true],
    ["crawl*", "crawler", true],
    ["*", "anything", true],
    ["crawl", "crawl", true],
    ["crawl", "crawl/a", false],
  ])("%s and %s: %p", (pattern, queue, matches) => expect(matchesPattern(pattern, queue)).toBe(matches));
});

describe("the rule of a queue", () => {
  const rule = (mode: QueueRule["mode"]): QueueRule => ({
    ...plainShape,
    mode,
    factory: undefined,
    store: [],
    limit: [],
  });
  const queues = { "*": rule("no-storage"), "a/*": rule("raw"), "a/b/*": rule("regular"), "a/b/c": rule("raw") };

  test.each([
    ["x", "no-storage"],
    ["a/x", "raw"],
    ["a/b/x", "regular"],
    ["a/b/c", "raw"],
  ])("%s: %s", (queue, mode) => expect(ruleOf(queues, queue)?.mode).toBe(mode));

  test("there may be none, and inherited names are none", () => {
    expect(ruleOf({ mail: rule("raw") }, "other")).toBeUndefined();
    expect(ruleOf({ mail: rule("raw") }, "constructor")).toBeUndefined();
  });
});
