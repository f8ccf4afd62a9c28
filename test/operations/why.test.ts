import { expect, test } from "@jest/globals";
import { claimAll, install } from "./installation.js";

test.each(["regular", "raw", "no-storage"] as const)(
  "a limit holds a %s job back, or its task put it off",
  async (queue) => {
    await using here = await install();
    const { client, deployment } = here;
    await deployment.registry.heartbeat(
      {
        ...{ id: "w", host: "h", pid: 1, startedAt: new Date(), queues: [queue], concurrency: 1, processes: 1 },
        ...{ state: "running", report: null },
      },
      60_000,
    );
    const { broker } = await deployment.route(queue);
    const reasons = async (limited: boolean) => {
      const { id } = await client.enqueue("t.a", {}, { queue });
      const { claims } = await claimAll(here, queue);
      const outcome = { status: "interrupt", delay: 3_600_000, ...(limited ? { limited } : {}) } as const;
      await broker.settle(claims.map(({ token, generation }) => ({ id, queue, token, generation, outcome })));
      return (await client.why(id, queue)).reasons;
    };
    expect(await reasons(true)).toMatchObject([{ reason: "limited", until: expect.any(Date) }]);
    expect(await reasons(false)).toMatchObject([{ reason: "not due", because: "snooze" }]);
  },
);
