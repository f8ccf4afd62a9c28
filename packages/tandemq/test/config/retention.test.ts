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
