import { expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, type Middleware, newJobId } from "@tandemq/core";

function open(...middleware: Middleware[]): Client {
  return new Client(createMemoryDeployment(), { middleware });
}

test("layers are entered from the outermost, see the job, and leave their meta with it", async () => {
  const seen: string[] = [];
  const layer = (name: string): Middleware => ({
    name,
    async enqueue({ path, params, meta }, next) {
      seen.push(`+${name} ${path} ${JSON.stringify(params)}`);
      meta["by"] = `${meta["by"] ?? ""}${name}`;
      await next();
      seen.push(`-${name}`);
    },
  });
  await using client = open(layer("a"), { run: async (_job, next) => next() }, layer("b"));
  const { id, queue } = await client.enqueue("t", { n: 1 }, { meta: { by: ">" } });
  expect(seen).toEqual(['+a t {"n":1}', '+b t {"n":1}', "-b", "-a"]);
  expect((await client.job(id, queue))?.meta).toEqual({ by: ">ab" });
  await client.enqueueMany("t", [{ n: 2 }, { n: 3 }]);
  expect(seen).toHaveLength(12);
});

test("a layer refuses a job by throwing; one that forgets next, or calls it twice, is told", async () => {
  const no: Middleware = { enqueue: () => Promise.reject(new Error("not now")) };
  const forgets: Middleware = { enqueue: async () => {} };
  const twice: Middleware = { name: "twice", enqueue: async (_job, next) => (await next(), next()) };
  for (const [layer, message] of [
    [no, "not now"],
    [forgets, "did not call next()"],
    [twice, "twice called next() twice"],
  ] as const) {
    await using client = open(layer);
    await expect(client.enqueue("t", {})).rejects.toThrow(message);
    expect(await client.jobs()).toHaveLength(layer === twice ? 1 : 0);
  }
});

test.each([
  [{ meta: { long: "x".repeat(1001) } }, "meta: long: expected a text"],
  [{ meta: { n: 1 as never } }, "meta: n: expected a text"],
  [{ meta: { "nul\0": "x" } }, "cannot be a name"],
  [{ meta: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [i, "x"])) }, "at most 20"],
  [{ meta: ["x"] as never }, "expected an object of texts"],
  [{ parent: "nobody" }, "is not a job id"],
])("enqueue refuses %j", async (options, message) => {
  await using client = open();
  const refused = client.enqueue("t", {}, options);
  await expect(refused).rejects.toThrow(message);
  await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION" });
});

test("a job cannot be its own parent", async () => {
  await using client = open();
  const id = newJobId();
  await expect(client.enqueue("t", {}, { id, parent: id })).rejects.toThrow("its own parent");
});
