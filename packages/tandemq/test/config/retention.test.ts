import { describe, expect, test } from "@jest/globals";
import { loadConfig, type UserConfig } from "../../src/index.js";
import { keepFor } from "../../src/config/retention.js";

async function load(retention: UserConfig["retention"]) {
  const config: UserConfig = {
    redis: "redis://127.0.0.1",
    queues: { "*": "no-storage" },
    ...(retention && { retention }),
  };
  return (await loadConfig({ config, env: {} })).config.retention;
}

const day = 86_400_000;
const job = { queue: "mail/news", path: "mail.send" };

describe("retention", () => {
  test("says nothing unless it is asked to", async () => {
    expect(keepFor(await load(undefined), job, "success")).toBeUndefined();
  });

  test("tasks go before queues, queues before all, longer patterns before shorter ones", async () => {
    const rules = await load({
      success: "1d",
      failures: { age: "2d" },
      queues: { "*": { success: "3d" }, "mail/*": { success: { age: "4d", count: 7 } } },
      tasks: { "mail.*": { failed: "5d" } },
    });
    expect(keepFor(rules, job, "success")).toBe(4 * day);
    expect(keepFor(rules, { ...job, queue: "x" }, "success")).toBe(3 * day);
    expect(keepFor(rules, job, "failed")).toBe(5 * day);
    expect(keepFor(rules, job, "timeout")).toBe(2 * day);
  });

  test.each<[unknown, RegExp]>([
    [{ sucess: "1d" }, /sucess.*did you mean "success"/],
    [{ success: "soon" }, /retention\.success\.age: expected milliseconds or a duration/],
    [{ success: { count: -1 } }, /retention\.success\.count: expected a whole number from 0/],
    [{ queues: { "a b": {} } }, /expected a name, or a pattern/],
    [{ tasks: { "mail.*": { won: "1d" } } }, /unknown/],
  ])("%j is refused", async (given, message) => {
    await expect(load(given as UserConfig["retention"])).rejects.toThrow(message);
  });
});

describe("redact and codec", () => {
  const base: UserConfig = { redis: "redis://127.0.0.1", queues: { "*": "no-storage" } };
  const read = async (more: object) => (await loadConfig({ config: { ...base, ...more }, env: {} })).config;

  test("one rule stands for a list of one; nothing is left out by default", async () => {
    const hide = (value: unknown) => value;
    expect((await read({})).redact).toEqual([]);
    expect((await read({ redact: "params.card" })).redact).toEqual(["params.card"]);
    expect((await read({ redact: ["*.**.pin", hide] })).redact).toEqual(["*.**.pin", hide]);
  });

  test.each<[object, RegExp]>([
    [{ redact: "card.number" }, /redact\[0\]: expected a path that begins with one of params/],
    [{ redact: ["params"] }, /redact\[0\]/],
    [{ redact: ["params..x", 7] }, /redact\[0\].*redact\[1\]/],
    [{ codec: { name: "x" } }, /codec: expected an object with a name and the functions encode and decode/],
    [{ codec: "gzip" }, /codec: expected an object/],
  ])("%j is refused", async (more, message) => {
    await expect(read(more)).rejects.toThrow(message);
  });
});
