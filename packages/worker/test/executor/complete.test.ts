import { expect, test } from "@jest/globals";
import { completeRun } from "../../src/executor/complete.js";

test("where a job cannot end within a transaction, a codec is named as the reason, too", async () => {
  const execution = { job: { id: "1", queue: "orders" } } as unknown as Parameters<typeof completeRun>[0];
  await expect(completeRun(execution, undefined, {} as never, {})).rejects.toMatchObject({
    code: "NOT_SUPPORTED",
    message: expect.stringMatching(/jobs of queue "orders" cannot .* only those of regular queues .* a codec/),
  });
});
