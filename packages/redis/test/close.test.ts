import { expect, test } from "@jest/globals";
import { createRedis } from "../src/create-redis.js";

test("closing ends what waits for a server that is away", async () => {
  const redis = createRedis({ url: "redis://127.0.0.1:1", deadline: 3_600_000 });
  const asked = redis.registry().queues();
  const again = redis.broker().counts(["q"]);
  const refused = expect.objectContaining({ code: "CLOSED" });
  const ends = Promise.all([expect(asked).rejects.toEqual(refused), expect(again).rejects.toEqual(refused)]);
  await new Promise((resolve) => setImmediate(resolve));
  await redis.close();
  await ends;
});
