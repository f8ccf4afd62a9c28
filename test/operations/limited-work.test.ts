import { expect, test } from "@jest/globals";
import { hasLimitedWork } from "@tandemq/core";
import { claimAll, install } from "./installation.js";

test.each(["regular", "raw", "no-storage"] as const)(
  "a %s job that a limit holds back for a while is work; one that is put off, or held back for long, is not",
  async (queue) => {
    await using here = await install();
    const { client, deployment } = here;
    const { broker } = await deployment.route(queue);
    const putOff = async (delay: number, limited: boolean) => {
      const { id } = await client.enqueue("t.a", {}, { queue });
      const { claims } = await claimAll(here, queue);
      const outcome = { status: "interrupt", delay, ...(limited ? { limited } : {}) } as const;
      await broker.settle(claims.map(({ token, generation }) => ({ id, queue, token, generation, outcome })));
      return id;
    };
    await putOff(30_000, false);
    await putOff(3_600_000, true);
    expect(await hasLimitedWork(broker, [queue])).toBe(false);
    await client.untilIdle([queue], { timeout: "1m" });
    const held = await putOff(30_000, true);
    expect(await hasLimitedWork(broker, ["empty", queue])).toBe(true);
    await expect(client.untilIdle([queue], { timeout: 1 })).rejects.toMatchObject({ code: "NOT_IDLE" });
    await client.cancel(held);
    expect(await hasLimitedWork(broker, [queue])).toBe(false);
  },
);
