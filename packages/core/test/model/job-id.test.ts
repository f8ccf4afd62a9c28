import { expect, test } from "@jest/globals";
import { isJobId, newJobId } from "@tandemq/core";

test("ids are 24 hexadecimal digits that begin with the second", () => {
  const id = newJobId(Date.UTC(2026, 0, 1));
  expect(id).toMatch(/^[0-9a-f]{24}$/);
  expect(Number.parseInt(id.slice(0, 8), 16)).toBe(Date.UTC(2026, 0, 1) / 1000);
});

test("100,000 ids of one second differ", () => {
  const ids = Array.from({ length: 100_000 }, () => newJobId(0));
  expect(new Set(ids).size).toBe(100_000);
  expect(ids.every(isJobId)).toBe(true);
});

test("an id of the year 2100 still has 24 digits", () => {
  expect(isJobId(newJobId(Date.UTC(2100, 0, 1)))).toBe(true);
});

test.each([
  "",
  "0123456789abcdef0123456",
  "0123456789abcdef012345678",
  "0123456789ABCDEF01234567",
  "g".repeat(24),
  12,
  null,
])("%j is no job id", (value) => {
  expect(isJobId(value)).toBe(false);
});
