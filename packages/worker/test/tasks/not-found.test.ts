import { expect, test } from "@jest/globals";
import { dataPath } from "@tandemq/core";
import { TaskRegistry } from "@tandemq/worker";

test("data for consumers that came to a worker says whose it is", () => {
  const registry = new TaskRegistry();
  expect(() => registry.resolve(dataPath)).toThrow(/client\.consume\(\).*--except data/);
});
