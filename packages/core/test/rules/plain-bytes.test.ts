import { describe, expect, test } from "@jest/globals";
import { findJsonFault } from "@tandemq/core";
import * as fc from "fast-check";
import { isSafeKey, maxDepth } from "../../src/rules/check-json.js";
import { plainBytes } from "../../src/rules/plain-bytes.js";

const strange = fc.constantFrom<unknown>(undefined, Number.NaN, 1n, new Date(0), "\ud800", () => 1, { toJSON: 1 });
const anything = fc.oneof(fc.jsonValue(), strange, fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), strange)));

const circle: { self?: unknown } = {};
circle.self = circle;

function nested(levels: number): unknown {
  return levels === 0 ? {} : { in: nested(levels - 1) };
}

describe("plainBytes", () => {
  test("what it passes has no fault, and no more bytes than it says", () => {
    fc.assert(
      fc.property(anything, (value) => {
        const most = plainBytes(value);
        if (most === Number.POSITIVE_INFINITY) return;
        expect(findJsonFault(value, "value")).toBeUndefined();
        expect(Buffer.byteLength(JSON.stringify(value))).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("it passes plain data", () => {
    expect(plainBytes({ v: 7, name: "x", list: [1, null, true], deep: nested(maxDepth - 2) })).toBeLessThan(2000);
    expect(plainBytes({ worst: "\0".repeat(100) })).toBeGreaterThanOrEqual(JSON.stringify("\0".repeat(100)).length);
  });

  test.each<[unknown]>([
    [circle],
    [nested(maxDepth)],
    [{ toJSON: undefined }],
    [{ _bsontype: 1 }],
    [{ "a\0": 1 }],
    [new Map()],
    [[undefined]],
  ])("%p is left to a closer look", (value) => {
    expect(plainBytes(value)).toBe(Number.POSITIVE_INFINITY);
  });

  test("a key that was refused is refused again", () => {
    expect([isSafeKey("toJSON"), isSafeKey("toJSON"), isSafeKey("fine"), isSafeKey("fine")]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });
});
