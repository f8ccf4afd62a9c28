import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { pymongo, python } from "./support/python.js";
import { Site } from "./support/site.js";

const producer = fileURLToPath(new URL("producer.py", import.meta.url));
const least = { v: 1, path: "e2e.echo", params: { n: 1 }, queue: "regular", status: "queued", due: "epoch" };
const full = {
  ...least,
  ...{ params: { n: 2, from: "python" }, due: "now", priority: 3, queuedAt: "now", tags: ["import"] },
  ...{ rev: 0, generation: 1, attempt: 0, deliveries: 0, lost: 0, settings: { attempts: 2 }, history: [] },
};

let packages: string;
beforeAll(async () => {
  packages = await pymongo();
}, 300_000);

/** A site whose collection exists, validator included, as after the first start of anything. */
async function prepared(): Promise<Site> {
  const site = new Site();
  await (await site.client()).close();
  return site;
}

function insert(site: Site, documents: readonly object[]): Promise<unknown[]> {
  return python(producer, [site.mongo, site.collection], documents, packages);
}

describe("a program in another language", () => {
  test("enqueues with one insert, and the job runs as any other", async () => {
    await using site = await prepared();
    await using client = await site.client();
    const [answer] = (await insert(site, [full])) as [{ id: string }];
    await site.worker("regular");
    const handle = await client.handle({ id: answer.id, queue: "regular" });
    const job = await handle.finished({ timeout: "1m" });
    const { due: _due, rev: _rev, queuedAt: _queuedAt, ...kept } = full;
    expect(job).toMatchObject({ ...kept, status: "success", deliveries: 1, attempt: 1 });
    expect(job.result).toEqual(full.params);
  });

  test("may leave out whatever has a default", async () => {
    await using site = await prepared();
    await using client = await site.client();
    const [answer] = (await insert(site, [least])) as [{ id: string }];
    await site.worker("regular");
    const handle = await client.handle({ id: answer.id, queue: "regular" });
    expect(await handle.finished({ timeout: "1m" })).toMatchObject({
      status: "success",
      result: { n: 1 },
      priority: 0,
    });
  });

  test.each([
    ["without Redis the changes of MongoDB tell it", ["--config", "mongo-only.config.mjs"], { TANDEMQ_REDIS: "" }],
    ["with Redis it looks by itself", [], {}],
  ])("is heard by an idle worker: %s", async (_how, flags, env) => {
    await using site = await prepared();
    await using client = await site.client();
    const worker = site.start(["worker", "regular", ...flags], env);
    await waitFor("the worker is ready", async () => worker.says("the worker is ready"));
    const [answer] = (await insert(site, [least])) as [{ id: string }];
    const handle = await client.handle({ id: answer.id, queue: "regular" });
    expect(await handle.result({ timeout: "1m" })).toEqual({ n: 1 });
  });

  test("is refused a document that cannot be a job, field by field", async () => {
    await using site = await prepared();
    await using client = await site.client();
    const { path: _path, ...noPath } = least;
    const { due: _due, ...noDue } = least;
    const wrong = [
      noPath,
      noDue,
      { ...least, params: "n=1" },
      { ...least, priority: 11 },
      { ...least, status: "waiting" },
    ];
    const invalid = 121;
    expect(await insert(site, wrong)).toEqual(wrong.map(() => ({ refused: invalid })));
    expect(await client.jobs({ queue: "regular" })).toEqual([]);
  });

  test("cannot choose code: a path that names no task fails that job alone", async () => {
    await using site = await prepared();
    await using client = await site.client();
    const paths = ["node:child_process#execSync", "../plain#echo", "constructor", "e2e.unknown"];
    await insert(site, [...paths.map((path) => ({ ...least, path })), least]);
    await site.worker("regular");
    await waitFor("the good one ran", async () => (await client.queue("regular").counts()).success === 1);
    const failed = await waitFor("the others failed", async () => {
      const jobs = await client.jobs({ queue: "regular", status: ["failed"] });
      return jobs.length === paths.length && jobs;
    });
    expect(new Set(failed.map((job) => job.path))).toEqual(new Set(paths));
    expect(failed.map((job) => job.error?.code)).toEqual(paths.map(() => "TASK_NOT_FOUND"));
  });
});
