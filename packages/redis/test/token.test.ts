import { expect, test } from "@jest/globals";
import { isOfSession, numberOf } from "../src/entry/token.js";

test.each<[string, number]>([
  ["worker~ab12.7", 7],
  ["host.1:42~ab12.65536", 65_536],
  ["w.999999999999999", 999_999_999_999_999],
  ["w.9999999999999999", -1],
  ["w.07", -1],
  ["w.", -1],
  ["w7", -1],
  [".7", -1],
  ["7", -1],
  ["", -1],
  ["a b.7", -1],
  ["w.7 ", -1],
])("the number of token %j is %i", (token, number) => {
  expect(numberOf(token)).toBe(number);
});

test("a token belongs to the session before its last dot", () => {
  expect(isOfSession("w.1~a.7", "w.1~a")).toBe(true);
  expect(isOfSession("w.1~a.7", "w")).toBe(false);
  expect(isOfSession("w.1~a.7", "w.1~b")).toBe(false);
  expect(isOfSession("w.1~a.7", "w.1~a.7")).toBe(false);
});
