import { expect } from "@jest/globals";
import type { Client, WhyReason } from "@tandemq/core";
import { waitFor } from "../../support/wait-for.js";
import { featureGroup } from "../support/feature.js";

const first = async (client: Client, id: string, queue: string): Promise<WhyReason | undefined> =>
  (await client.why(id, queue)).reasons[0];

featureGroup(
  "Operations",
  import.meta.url,
  (feature) => {
    feature("why a job does not run: paused, not due, unknown task", async ({ client, queue: name }) => {
      const queue = name();
      await client.queue(queue).pause();
      const { id } = await client.enqueue("operations.nobody", {}, { queue, delay: "1h" });
      const { reasons } = await client.why(id, queue);
      expect(reasons.map(({ reason }) => reason)).toEqual(["paused", "not due", "unknown task"]);
    });

    feature(
      "why a job does not run: it runs, where and since when",
      async ({ site, client, queue: name, processes }) => {
        const queue = name();
        const gate = site.gate();
        const { id } = await client.enqueue("operations.held", { gate: gate.path }, { queue });
        const reason = await waitFor("its worker tells of it", async () => {
          const found = await first(client, id, queue);
          return found?.reason === "running" && found.pid !== undefined && found;
        });
        expect(reason).toMatchObject({ worker: expect.any(String), since: expect.any(Date) });
        expect((reason as { pid: number }).pid > 0).toBe(processes > 0);
        gate.open();
        await waitFor("it is over", async () => (await client.queue(queue).counts()).success === 1);
      },
    );
  },
  ["--heartbeat", "100ms"],
);
