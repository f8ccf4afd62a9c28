import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { type JobRef, newJobId } from "@tandemq/core";
import { createClient, createDeployment, loadConfig } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

const limit = "task limits.single 0 h";
const folder = fileURLToPath(new URL("../features/limits", import.meta.url));

test.each(modes)("a place that a killed %s worker held is given on, and there is never one more", async (mode) => {
  await using site = new Site(folder);
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  const queue = `${mode}/q`;
  const gate = site.gate();
  const add = (name: string) => client.enqueue("limits.single", { host: "h", name, gate: gate.path }, { queue });
  await add("first");
  const worker = await site.worker(queue, "--processes", "1", "--lease", "1s");
  await waitFor("the first runs", async () => site.story().length === 1);
  await add("second");
  worker.signal("SIGKILL");
  await worker.ended;
  await waitFor("its children have ended with it", async () => site.processes().length === 0);
  gate.open();
  await site.worker(queue, "--processes", "1", "--lease", "1s");
  await waitFor("both have run", async () => (await client.queue(queue).counts()).success === 2);
  // The run that was killed has no end; after it each ends before the next one starts.
  const [killed, ...others] = site.story();
  expect(killed).toBe("start first");
  expect(others.map((line) => line.split(" ")[0])).toEqual(["start", "end", "start", "end"]);
  expect(new Set(others)).toEqual(new Set(["start first", "end first", "start second", "end second"]));
});

test("jobs are called although the worker that should have called them died without a word", async () => {
  await using site = new Site(folder);
  const { config } = await loadConfig({ cwd: folder, env: site.env });
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  const deployment = createDeployment(config);
  await deployment.start();
  try {
    const queue = "raw/q";
    const asks = Array.from({ length: 100 }, () => ({
      limit,
      job: { id: newJobId(), queue },
      token: "gone.1",
      concurrency: 1,
    }));
    // The first has the place, and jobs that are gone wait for it: whoever comes now would wait for a hundred leases.
    await deployment.limiter.ask(asks, 2000);
    await client.enqueue("limits.single", { host: "h", name: "last" }, { queue });
    await site.worker(queue, "--processes", "1", "--lease", "1s");
    await waitFor("it has run", async () => site.story().includes("end last"));
  } finally {
    await deployment.close();
  }
});

test("a job that waits under a limit and is moved stands in its line with its new queue", async () => {
  await using site = new Site(folder);
  const { config } = await loadConfig({ cwd: folder, env: site.env });
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  const deployment = createDeployment(config);
  await deployment.start();
  try {
    const { limiter } = deployment;
    const first = { limit, id: newJobId(), token: "gone.1", concurrency: 1 };
    const asks = [first.id, newJobId()].map((id) => ({ ...first, job: { id, queue: "raw/q" } }));
    await limiter.ask(asks, 3_600_000);
    const ways = [...modes.map((mode) => [mode, mode] as const), ["raw", "regular"] as const];
    const params = { host: "h", name: "waits" };
    const jobs = await Promise.all(
      ways.map(([from]) => client.enqueue("limits.single", params, { queue: `${from}/q` })),
    );
    await site.worker("--processes", "1", "--lease", "60s");
    const find = (at: number, queue: string) => client.job(jobs[at]?.id ?? "", queue);
    const targets = ways.map(([, to]) => `${to}/elsewhere`);
    for (const [i, to] of targets.entries()) {
      const queue = `${ways[i]?.[0]}/q`;
      await waitFor("it waits", async () => (await find(i, queue))?.status === "interrupt");
      const { done } = await client.action("move", { queue, ids: [jobs[i]?.id ?? ""] }, { to }).result();
      expect(done).toBe(1);
      await waitFor("it waits anew", async () => {
        const job = await find(i, to);
        return job?.status === "interrupt" && job.deliveries > 1;
      });
    }
    const called: JobRef[] = [];
    for (let told = await limiter.release([first]); told.length > 0; ) {
      called.push(...told);
      told = await limiter.release(told.map(({ id }) => ({ ...first, id, token: "" })));
    }
    expect(called).toEqual(expect.arrayContaining(jobs.map(({ id }, i) => ({ id, queue: targets[i] }))));
  } finally {
    await deployment.close();
  }
});
