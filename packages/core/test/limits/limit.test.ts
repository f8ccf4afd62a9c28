import { describe, expect, test } from "@jest/globals";
import { type LimitOptions, limitKeys, limitRules } from "../../src/limits/limit.js";
import { defineTask } from "../../src/tasks/define-task.js";

describe("the options of a limit", () => {
  test.each<[string, unknown, RegExp]>([
    ["nothing", {}, /say what is limited/],
    ["max without per", { max: 1 }, /max and per together/],
    ["per without max", { per: "1s" }, /max and per together/],
    ["no starts at all", { max: 0, per: "1s" }, /from 1 to 100000/],
    ["a broken number", { max: 1.5, per: "1s" }, /whole number/],
    ["a negative window", { max: 1, per: -1 }, /limit\.per/],
    ["a window too short to tell", { max: 1, per: 5 }, /10 ms to 365 days/],
    ["no runs at all", { concurrency: 0 }, /from 1 to 10000/],
    ["a key that is no text", { concurrency: 1, key: 7 }, /text or a function/],
    ["a key that is too long", { concurrency: 1, key: "x".repeat(201) }, /text or a function/],
    ["an option that is none", { concurrency: 1, perr: "1s" }, /unknown option "perr"/],
    ["no object", 3, /expected \{ key/],
  ])("%s is refused", (_, limit, message) => {
    expect(() => defineTask("t", () => {}, { limit: limit as LimitOptions })).toThrow(message);
  });

  test("of a list say which of them is wrong", () => {
    expect(() => limitRules([{ concurrency: 1 }, { max: 1 }], "limit")).toThrow(/^limit\[1\]/);
  });
});

describe("the keys of a job", () => {
  const keysOf = (key: unknown, params = {}) =>
    limitKeys(limitRules({ key: key as never, concurrency: 1 }, "limit"), params);

  test("are computed from its params, or are the texts given", () => {
    expect(keysOf((params: { host: string }) => params.host, { host: "a" })).toEqual(["a"]);
    expect(keysOf(() => 7)).toEqual(["7"]);
    expect(keysOf(() => undefined)).toEqual([null]);
    expect(keysOf("all")).toEqual(["all"]);
    expect(keysOf(undefined)).toEqual([""]);
  });

  test.each([
    ["an object", () => ({})],
    ["a text that is too long", () => "x".repeat(201)],
    ["half a character", () => "\ud800"],
    ["what throws", (params: { a?: { b: string } }) => params.a!.b],
  ])("%s is refused", (_, key) => {
    expect(() => keysOf(key)).toThrow(expect.objectContaining({ code: "INVALID_PARAMS" }));
  });
});
