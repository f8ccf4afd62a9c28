import { describe, expect, test } from "@jest/globals";
import { checkEnqueueOptions, defineTask, isMeant } from "@tandemq/core";

describe("options about retries and limits", () => {
  test.each<[object, string]>([
    [{ retryIf: 7 }, "retryIf: expected an error class"],
    [{ retryIf: [] }, "retryIf: expected an error class"],
    [{ neverRetry: [Error, ""] }, "neverRetry: expected an error class"],
    [{ neverRetry: [undefined] }, "neverRetry: expected an error class"],
    [{ isolate: "yes" }, "isolate: expected true or false"],
    [{ hardTimeout: "soon" }, "hardTimeout: expected milliseconds or a duration"],
    [{ hardTimeout: -1 }, "hardTimeout: expected milliseconds or a duration"],
    [{ backoff: { type: "random" } }, "expected fixed, linear or exponential"],
    [{ retryif: Error }, 'did you mean "retryIf"'],
  ])("%j is refused where the task is defined", (options, message) => {
    expect(() => defineTask("t", () => 1, options)).toThrow(message);
  });

  test.each<[object, string]>([
    [{ backoff: () => 1 }, "a function is an option of tasks only"],
    [{ retryIf: Error }, "retryIf"],
    [{ hardTimeout: "1y" }, "hardTimeout: expected milliseconds or a duration"],
    [{ isolate: 1 }, "isolate: expected true or false"],
  ])("%j is refused at enqueue", (options, message) => {
    expect(() => checkEnqueueOptions(options)).toThrow(message);
  });

  test("classes, codes, names and functions say which errors are meant", () => {
    class Odd extends Error {}
    class NoError {}
    const coded = Object.assign(new Error("x"), { code: "E1" });
    expect(isMeant(Odd, new Odd())).toBe(true);
    expect(isMeant([Odd, NoError], new NoError())).toBe(true);
    expect(isMeant(Error, "a text")).toBe(false);
    expect(isMeant(["E2", "E1"], coded)).toBe(true);
    expect(isMeant("TypeError", new TypeError())).toBe(true);
    expect(isMeant("E1", null)).toBe(false);
    expect(isMeant((error) => error === 5, 5)).toBe(true);
  });
});
