import { describe, expect, test } from "@jest/globals";
import { createClient } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { standalone, withServer } from "./support/odd-stores.js";
import { Site } from "./support/site.js";

/** A job that runs where MongoDB is the only store is cancelled from another process. */
async function cancelsWhatRuns(site: Site, mongo: string, processes: string): Promise<void> {
  const flags = ["--config", "mongo-only.config.mjs", "--processes", processes];
  const worker = site.start(["worker", "regular", ...flags], { TANDEMQ_REDIS: "", TANDEMQ_MONGO: mongo });
  const config = { mongo, prefix: site.name, queues: { regular: "regular" } } as const;
  await using client = await createClient(config, { warn: () => {} });
  const params = { text: "held", until: site.gate().path };
  const job = await client.enqueue("e2e.hold", params, { queue: "regular", attempts: 3 });
  await waitFor("it runs", async () => site.story().includes("start held"));
  expect(await job.cancel()).toBe("requested");
  expect(await job.finished({ timeout: "1m" })).toMatchObject({ status: "cancel", attempt: 1, lost: 0 });
  expect(site.story()).toEqual(["start held", "abort held"]);
  worker.signal("SIGTERM");
  expect((await worker.ended).code).toBe(0);
}

describe("a running job is cancelled through its signal where MongoDB is the only store", () => {
  test("a replica set", async () => {
    await using site = new Site();
    await cancelsWhatRuns(site, site.mongo, "1");
  });

  test("a standalone server, which tells of no changes", async () => {
    await using site = new Site();
    await withServer(standalone, (mongo) => cancelsWhatRuns(site, mongo, "0"));
  });
});
