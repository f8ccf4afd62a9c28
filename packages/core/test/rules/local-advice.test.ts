import { expect, test } from "@jest/globals";
import { localAdvice } from "../../src/rules/local-advice.js";

test.each([
  "redis://127.0.0.1:6379",
  "mongodb://me:***@localhost/app",
  "mongodb://db.example.com,127.0.0.1:27017",
  "127.0.0.1:6379",
  "redis://[::1]:6379",
])("%s is here", (address) => {
  expect(localAdvice(address)).toContain("tandemq services start");
});

test.each(["redis://cache.example.com:6379", "mongodb://localhost.example.com/app", "10.127.0.0.1:6379"])(
  "%s is elsewhere",
  (address) => {
    expect(localAdvice(address)).toBe("");
  },
);
