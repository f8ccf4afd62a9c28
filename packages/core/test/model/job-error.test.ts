import { describe, expect, test } from "@jest/globals";
import { findJsonFault, toJobError } from "@tandemq/core";
import * as fc from "fast-check";

const unreadable = "an error that could not be read was thrown";

describe("toJobError", () => {
  test("keeps name, message, stack, code and causes", () => {
    const root = Object.assign(new TypeError("root"), { code: "E_ROOT" });
    const error = toJobError(new Error("top", { cause: root }));
    expect(error).toMatchObject({
      name: "Error",
      message: "top",
      cause: { name: "TypeError", message: "root", code: "E_ROOT" },
    });
    expect(error.stack).toContain("job-error.test.ts");
  });

  test("a numeric code becomes text", () => {
    expect(toJobError(Object.assign(new Error("x"), { code: 11000 })).code).toBe("11000");
  });

  test("what only looks like an error is read as one", () => {
    expect(toJobError({ message: "like an error" })).toEqual({ name: "Error", message: "like an error" });
  });

  test.each([
    ["text", "a string was thrown: text"],
    [42, "a number was thrown: 42"],
    [10n, "a bigint was thrown: 10"],
    [null, "null was thrown: null"],
    [undefined, "undefined was thrown: undefined"],
    [{ some: "thing" }, 'an object was thrown: {"some":"thing"}'],
    [Symbol("s"), "a symbol was thrown: Symbol(s)"],
  ])("%p", (thrown, message) => {
    expect(toJobError(thrown)).toEqual({ name: "NonError", message });
  });

  test("long texts are cut, and say how much is missing", () => {
    const error = toJobError(Object.assign(new Error("m".repeat(12_345)), { stack: "s".repeat(30_000) }));
    expect(error.message).toBe(`${"m".repeat(10_000)} …(2345 more characters)`);
    expect(error.stack).toBe(`${"s".repeat(20_000)} …(10000 more characters)`);
  });

  test("50 MB of everything are cut to a few kilobytes", () => {
    const huge = "x".repeat(50_000_000);
    const error = Object.assign(new Error(huge), { stack: huge, name: huge, code: huge });
    error.cause = Object.assign(new Error(huge), { stack: huge });
    expect(JSON.stringify(toJobError(error)).length).toBeLessThan(65_000);
  });

  test("a cut through a character, and lone surrogates, leave well-formed text", () => {
    const { message } = toJobError(new Error(`${"x".repeat(9_999)}🎉 and \ud800`));
    expect(message.isWellFormed()).toBe(true);
  });

  test("at most five causes are followed, even in a circle", () => {
    const error = new Error("round");
    error.cause = error;
    let [depth, at] = [0, toJobError(error).cause];
    while (at) [depth, at] = [depth + 1, at.cause];
    expect(depth).toBe(5);
  });

  test.each<[string, unknown]>([
    [
      "a message that throws",
      {
        get message() {
          throw new Error("no");
        },
      },
    ],
    [
      "a name that throws",
      {
        message: "m",
        get name() {
          throw new Error("no");
        },
      },
    ],
    [
      "a stack that throws",
      {
        message: "m",
        get stack() {
          throw new Error("no");
        },
      },
    ],
    ["a message that cannot be text", { message: Object.create(null) }],
    [
      "a circle without a message",
      (() => {
        const circle: Record<string, unknown> = {};
        circle["circle"] = circle;
        return circle;
      })(),
    ],
    [
      "a toJSON that throws",
      {
        toJSON() {
          throw new Error("no");
        },
      },
    ],
    [
      "a proxy that throws at everything",
      new Proxy(
        {},
        {
          get() {
            throw new Error("no");
          },
          has() {
            throw new Error("no");
          },
          getPrototypeOf() {
            throw new Error("no");
          },
        },
      ),
    ],
    [
      "a revoked proxy",
      (() => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      })(),
    ],
  ])("never throws: %s", (_, thrown) => {
    expect(toJobError(thrown).message).toBe(unreadable);
  });

  test("a cause that cannot be read costs only itself", () => {
    const error = toJobError(
      new Error("top", {
        cause: {
          get message() {
            throw new Error("no");
          },
        },
      }),
    );
    expect(error).toMatchObject({ message: "top", cause: { message: unreadable } });
  });

  test("whatever is thrown, the answer survives JSON and BSON", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string({ unit: "binary" }), (thrown, message) => {
        expect(findJsonFault(toJobError(thrown), "error")).toBeUndefined();
        expect(findJsonFault(toJobError(new Error(message, { cause: thrown })), "error")).toBeUndefined();
      }),
    );
  });
});
