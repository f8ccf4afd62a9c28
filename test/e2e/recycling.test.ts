import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { createClient } from "tandemq";
import { waitFor } from "../support/wait-for.js";
import { Site } from "./support/site.js";

const folder = fileURLToPath(new URL("../features/workers", import.meta.url));

/** Every process is beyond the one or the other soon: Node.js alone needs more than 16 MB. */
const limits = [
  ["--recycle-memory", "16", "regular"],
  ["--recycle-time", "1s", "raw"],
  ["--recycle-memory", "16", "no-storage"],
] as const;

test.each(limits)("%s %s: a %s worker goes on with a fresh process, and loses no job", async (flag, value, mode) => {
  await using site = new Site(folder);
  await using client = await createClient(undefined, { cwd: folder, env: site.env });
  const queue = `${mode}/q`;
  const worker = await site.worker(queue, "--concurrency", "2", "--processes", "1", flag, value);
  let added = 0;
  const pids = () => new Set(site.story().map((line) => line.split(" ")[1]));
  await waitFor("another process has taken over", async () => {
    await client.enqueueMany("workers.where", [{ name: "job" }, { name: "job" }], { queue });
    added += 2;
    await client.untilIdle([queue]);
    return pids().size >= 2;
  });
  expect(site.story()).toHaveLength(added);
  expect(await client.queue(queue).counts()).toMatchObject({ success: added, queued: 0, started: 0, interrupt: 0 });
  worker.signal("SIGTERM");
  expect(await worker.ended).toMatchObject({ code: 0 });
});
