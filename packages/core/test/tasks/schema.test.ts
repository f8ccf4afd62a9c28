import { describe, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, defineTask, type StandardSchema, validateParams } from "@tandemq/core";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";

const zodSchema = z.object({ to: z.array(z.object({ at: z.coerce.date() })) });
const valibotSchema = v.object({
  to: v.array(
    v.object({
      at: v.pipe(
        v.string(),
        v.isoTimestamp(),
        v.transform((text) => new Date(text)),
      ),
    }),
  ),
});
const arktypeSchema = type({ to: type({ at: "string.date.parse" }).array() });

describe.each([
  ["zod", zodSchema],
  ["valibot", valibotSchema],
  ["arktype", arktypeSchema],
] as readonly (readonly [string, StandardSchema])[])("a schema of %s", (_, schema) => {
  test("gives what it makes of the params", () => {
    const at = "2026-05-04T12:00:00.000Z";
    expect(validateParams(schema, { to: [{ at }] }, "task t")).toMatchObject({ to: [{ at: new Date(at) }] });
  });

  test("names the path of the culprit", () => {
    const bad = () => validateParams(schema, { to: [{ at: "2026-05-04T12:00:00.000Z" }, { at: "never" }] }, "task t");
    expect(bad).toThrow(/^task t: params\.to\[1\]\.at: ./);
    expect(bad).toThrow(expect.objectContaining({ code: "INVALID_PARAMS" }));
  });
});

test("a task with a schema takes the schema's input and gets its output", async () => {
  const task = defineTask("t", ({ to }) => to.map(({ at }) => at.getTime()), { schema: zodSchema });
  await using client = new Client(createMemoryDeployment());
  // The compiler takes what the schema takes, and nothing that lacks it.
  await client.enqueue(task, { to: [{ at: "2026-05-04" }] });
  // @ts-expect-error -- `to` is a list
  await expect(client.enqueue(task, { to: 1 })).rejects.toMatchObject({ code: "INVALID_PARAMS" });
  const many = client.enqueueMany(task, [{ to: [] }, { to: [{ at: "never" }] }]);
  await expect(many).rejects.toThrow("job 1: task t: params.to[0].at");
  expect(await client.jobs()).toHaveLength(1);
});

test("a schema that works asynchronously is waited for; many issues are cut", async () => {
  const issues = Array.from({ length: 9 }, (_, i) => ({ message: `wrong ${i}`, path: [{ key: "list" }, i] }));
  const schema: StandardSchema = {
    "~standard": { version: 1, vendor: "test", validate: async () => Promise.resolve({ issues }) },
  };
  await expect(validateParams(schema, {}, "task t")).rejects.toThrow(
    /^task t: params\.list\[0\]: wrong 0; .*wrong 4; and 4 more$/,
  );
});

test("what is no schema, or no function, is refused when the task is defined", () => {
  expect(() => defineTask("t", () => 1, { schema: {} as never })).toThrow(/schema: expected a schema/);
  expect(() => defineTask("t", () => 1, { onFailed: 1 as never })).toThrow(/onFailed: expected a function/);
});
