import { expect, test } from "@jest/globals";
import { modes, Site } from "./support/site.js";

const many = 100_000;

test.each(modes)("100,000 jobs in one call: few are held at a time, and each is counted, %s", async (mode) => {
  await using site = new Site();
  await using client = await site.client();
  let [made, told, held, calls] = [0, 0, 0, 0];
  function* source() {
    for (let i = 0; i < many; i++) {
      made++;
      held = Math.max(held, made - told);
      yield { i };
    }
  }
  const onProgress = ({ taken, created }: { taken: number; created: number }) => {
    expect(created).toBe(taken);
    told = taken;
    calls++;
  };
  const done = await client.enqueueAll("e2e.echo", source(), { queue: mode, onProgress });
  expect(done).toEqual({ taken: many, created: many, duplicates: 0, refused: 0, refusals: [] });
  expect(held).toBeLessThanOrEqual(1000);
  expect([told, calls]).toEqual([many, many / 1000 + 1]);
  expect((await client.queue(mode).counts()).queued).toBe(many);
});
