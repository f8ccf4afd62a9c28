import { expect } from "@jest/globals";
import { waitFor } from "../../support/wait-for.js";
import { type Cell, featureGroup, type Refusal } from "../support/feature.js";

const noResults: Refusal = {
  mode: "no-storage",
  reason: "no-storage queues keep no results",
  shown: async ({ client, queue }) => {
    const job = await client.enqueue("basics.echo", {}, { queue: queue() });
    await expect(job.result()).rejects.toMatchObject({ code: "RESULT_NOT_STORED" });
  },
};

const successes = async ({ client }: Cell, queue: string) => (await client.queue(queue).counts()).success;

featureGroup("Basics", import.meta.url, (feature) => {
  feature("a job runs once and is counted", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.echo", { n: 1 }, { queue });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature(
    "the caller waits for the result",
    async ({ client, queue }) => {
      const job = await client.enqueue("basics.echo", { n: 7 }, { queue: queue() });
      expect(await job.result({ timeout: "1m" })).toEqual({ n: 7 });
    },
    [noResults],
  );

  feature("a failed job is kept with its error", async ({ client, queue: name }) => {
    const queue = name();
    await client.enqueue("basics.fails", { message: "no luck" }, { queue });
    const job = await waitFor("it failed", async () => (await client.jobs({ queue, status: ["failed"] }))[0]);
    expect(job.error).toMatchObject({ name: "RangeError", message: "no luck" });
  });

  feature("attempts with a back-off", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.last", {}, { queue, attempts: 3, backoff: { type: "fixed", delay: 10 } });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature("options of a task from the configuration", async (cell) => {
    const queue = cell.queue();
    await cell.client.enqueue("basics.configured", {}, { queue });
    await waitFor("it succeeded", async () => (await successes(cell, queue)) === 1);
  });

  feature("a unique key", async ({ client, queue: name }) => {
    const queue = name();
    const options = { queue, key: "k", delay: "1h" } as const;
    const first = await client.enqueue("basics.echo", {}, options);
    expect(await client.enqueue("basics.echo", {}, options)).toMatchObject({ id: first.id, created: false });
  });
});
