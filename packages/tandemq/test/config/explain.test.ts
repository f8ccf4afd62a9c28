import { describe, expect, test } from "@jest/globals";
import type { UserConfig } from "../../src/config/config.js";
import { explainConfig } from "../../src/config/explain.js";
import { type Flags } from "../../src/config/layers.js";
import { loadConfig } from "../../src/config/load-config.js";

const mongo = { url: "mongodb://127.0.0.1/app?authSource=admin&tlsCertificateKeyFilePassword=s3cret" };

async function explained(config: UserConfig, env: NodeJS.ProcessEnv = {}, flags: Flags = {}) {
  const values = explainConfig(await loadConfig({ config, env, flags }));
  return new Map(values.map(({ option, value, from }) => [option, `${value} (${from})`]));
}

describe("explaining a configuration", () => {
  test("each value is told with what set it", async () => {
    const values = await explained(
      { mongo, worker: { lease: "1m" }, queues: { mail: "regular" }, taskOptions: { "mail.*": { attempts: 3 } } },
      { TANDEMQ_PROCESSES: "2" },
      { concurrency: "10" },
    );
    expect(values.get("worker.lease")).toBe("1m (code)");
    expect(values.get("worker.concurrency")).toBe("10 (flag --concurrency)");
    expect(values.get("worker.processes")).toBe("2 (environment TANDEMQ_PROCESSES)");
    expect(values.get("worker.drain")).toBe("25s (default)");
    expect(values.get("queues.mail.mode")).toBe("regular (code)");
    expect(values.get('taskOptions["mail.*"].attempts')).toBe("3 (code)");
    expect(values.get("redis")).toBe("- (default)");
  });

  test("no secret is told", async () => {
    const redis = { url: "redis://127.0.0.1", username: "me", password: "s3cret" };
    const all = JSON.stringify([...(await explained({ mongo, redis })).entries()]);
    expect(all).not.toContain("s3cret");
    expect(all).toContain("redis://me:***@127.0.0.1");
  });
});

describe("options of tasks", () => {
  const wrong: [UserConfig["taskOptions"], string][] = [
    [{ "mail.*": { attempts: 0 } }, 'taskOptions["mail.*"]: attempts: expected a whole number from 1 to 1000, got 0'],
    [{ a: { attempt: 1 } as never }, 'taskOptions.a: unknown option "attempt", did you mean "attempts"?'],
    [{ "*x": {} }, 'taskOptions["*x"]: expected a task\'s path or a pattern that ends in *'],
    [{ a: 5 as never }, "taskOptions.a: expected an object with options of a task"],
    [{ a: { timeout: (() => 5) as never } }, "taskOptions.a: timeout: a function cannot be sent"],
    [{ a: { timeout: "soon" } }, "taskOptions.a: timeout: expected milliseconds or a duration"],
  ];
  test.each(wrong)("%j is refused", async (taskOptions, message) => {
    const loading = loadConfig({ config: { mongo, taskOptions: taskOptions ?? {} }, env: {} });
    await expect(loading).rejects.toMatchObject({ code: "CONFIG", message: expect.stringContaining(message) });
  });
});
