import { describe, expect, test } from "@jest/globals";
import {
  checkResult,
  encodeParams,
  findJsonFault,
  InvalidParamsError,
  InvalidResultError,
  maxDepth,
} from "@tandemq/core";
import * as fc from "fast-check";

function nested(levels: number): unknown {
  return levels === 0 ? {} : { in: nested(levels - 1) };
}

const circle: Record<string, unknown> = { a: { b: [] } };
(circle["a"] as { b: unknown[] }).b.push(circle);

describe("findJsonFault", () => {
  test.each<[unknown, string]>([
    [{ a: 1n }, "params.a is a bigint"],
    [{ a: [1, Symbol("s")] }, "params.a[1] is a symbol"],
    [{ f: () => 1 }, "params.f is a function"],
    [{ a: Number.NaN }, "params.a is NaN"],
    [{ a: [Number.NEGATIVE_INFINITY] }, "params.a[0] is -Infinity"],
    [[undefined], "params[0] is undefined"],
    [undefined, "params is undefined"],
    [{ at: new Date(0) }, "params.at is a Date; pass plain data"],
    [{ b: Buffer.from("x") }, "params.b is a Buffer; pass plain data"],
    [{ m: new Map() }, "params.m is a Map; pass plain data"],
    [circle, "params.a.b[0] refers back to a value that contains it"],
    [{ s: "a\ud800" }, "params.s has a lone surrogate"],
    [{ "a\0": 1 }, "params has a key with a NUL character"],
    [{ x: { _bsontype: "Long" } }, "params.x has a key named _bsontype, which MongoDB drivers take for a type"],
    [{ toJSON: 1 }, "params has a key named toJSON"],
    [{ "\udc00": 1 }, "params has a key with a lone surrogate"],
  ])("%p: %s", (value, fault) => {
    expect(findJsonFault(value, "params")).toBe(fault);
  });

  test("nesting is allowed up to the limit", () => {
    expect(findJsonFault(nested(maxDepth - 1), "params")).toBeUndefined();
    expect(findJsonFault(nested(maxDepth), "params")).toContain(`nested deeper than ${maxDepth} levels`);
  });

  test.each<[unknown]>([
    [{}],
    [[]],
    [null],
    ["\0 in a value"],
    [{ a: undefined }],
    [{ "": 1, "a.b": 2, $set: 3, __proto__x: 4 }],
    [Object.create(null)],
  ])("%p is fine", (value) => {
    expect(findJsonFault(value, "params")).toBeUndefined();
  });

  test("the same value twice, but not within itself, is fine", () => {
    const shared = { a: 1 };
    expect(findJsonFault({ x: shared, y: [shared, shared] }, "params")).toBeUndefined();
  });

  test("whatever is accepted survives JSON", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withNullPrototype: true,
          withSparseArray: true,
          stringUnit: "binary",
        }),
        (value) => {
          if (findJsonFault(value, "v") !== undefined) return;
          expect(JSON.parse(JSON.stringify(value))).toEqual(normal(value));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("all that JSON text can say is accepted, but for keys that BSON or drivers take amiss", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: "grapheme" }), (value) => {
        expect(findJsonFault(value, "v") ?? "a key").toContain("a key");
      }),
      { numRuns: 1000 },
    );
  });
});

/** What a round trip may change: -0 becomes 0, `undefined` properties are dropped, prototypes are the usual ones. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  const kept = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(kept.map(([key, child]) => [key, normal(child)]));
}

describe("encodeParams", () => {
  test("gives the JSON text", () => {
    expect(encodeParams({ a: [1, "ü"], b: undefined })).toBe('{"a":[1,"ü"]}');
  });

  test.each<[unknown, string]>([
    [[1], "params must be an object, got an array"],
    [null, "params must be an object, got null"],
    ["x", "params must be an object, got string"],
    [undefined, "params must be an object, got undefined"],
    [{ a: { b: Number.NaN } }, "params.a.b is NaN: params must survive JSON and BSON"],
  ])("%p: %s", (params, message) => {
    expect(() => encodeParams(params)).toThrow(new InvalidParamsError(message));
  });

  test("measures bytes, not characters, and names both sizes", () => {
    expect(encodeParams({ a: "ü" }, 10)).toBe('{"a":"ü"}');
    expect(() => encodeParams({ a: "ü" }, 9)).toThrow("params are 10 bytes, the limit is 9: store the data elsewhere");
    expect(() => encodeParams({ a: "x".repeat(1024 * 1024) })).toThrow("the limit is 1048576");
  });
});

describe("checkResult", () => {
  test("passes on what is fine, `undefined` included", () => {
    expect(checkResult(undefined)).toBeUndefined();
    expect(checkResult(null)).toBeNull();
    expect(checkResult([1, { a: "b" }])).toEqual([1, { a: "b" }]);
  });

  test("names the culprit, or both sizes", () => {
    expect(() => checkResult({ rows: [{ at: new Date(0) }] })).toThrow(
      new InvalidResultError("result.rows[0].at is a Date; pass plain data: results must survive JSON and BSON"),
    );
    expect(() => checkResult("xxxx", 5)).toThrow("the result is 6 bytes, the limit is 5");
  });
});
