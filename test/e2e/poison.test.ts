import { expect, test } from "@jest/globals";
import { waitFor } from "../support/wait-for.js";
import { modes, Site } from "./support/site.js";

const smallHeap = { NODE_OPTIONS: "--max-old-space-size=64" };

/** Through the real command: what V8 says of its end on standard error would make Jest believe that it was its own. */
test.each(modes)("memory that runs out is blamed on its job, and the healthy finish, %s", async (mode) => {
  await using site = new Site();
  await using client = await site.client();
  const worker = site.start(["worker", mode, "--concurrency", "4", "--processes", "2", "--max-lost", "0"], smallHeap);
  await waitFor("the worker is ready", async () => worker.says("the worker is ready"));
  const { id } = await client.enqueue("e2e.eat", {}, { queue: mode });
  await client.enqueueMany("e2e.where", Array(20).fill({}), { queue: mode });
  const [job] = await waitFor("it is set aside", async () => {
    const failed = await client.jobs({ queue: mode, status: ["failed"] });
    return failed.length > 0 && failed;
  });
  expect(job).toMatchObject({ id, lost: 1, error: { code: "WORKER_LOST" } });
  await waitFor("its onFailed was called", async () => site.story().length > 0);
  expect(site.story()).toEqual(["e2e.eat failed: WORKER_LOST"]);
  await waitFor("the healthy finish", async () => (await client.queue(mode).counts()).success === 20);
});
