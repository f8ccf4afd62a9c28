import { afterAll, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, defineBatchTask, defineTask, TandemQError } from "@tandemq/core";

const client = new Client(createMemoryDeployment({ queues: { soon: "raw", "5": "raw" } }));
/** Nothing ever waits here. */
const idle = new Client(createMemoryDeployment());
afterAll(() => Promise.all([client.close(), idle.close()]));

/** What somebody may give by mistake, in a language that checks no types. */
const odd: Readonly<Record<string, unknown>> = {
  ...{ null: null, true: true, minus: -1, zero: 0, half: 0.5, NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY },
  ...{ huge: 1e300, empty: "", text: "soon", digits: "5", surrogate: "\ud800", long: "x".repeat(9999) },
  ...{ list: [], nulls: [null], object: {}, filled: { a: 1 }, date: new Date(0), badDate: new Date("x") },
  ...{ function: () => 1, bigint: 10n, symbol: Symbol("s"), bare: Object.create(null) as object },
};

type Call = (value: unknown) => unknown;
const id = "a".repeat(24);
const enqueue = (options: object) => client.enqueue("a.task", {}, { queue: "q", ...options } as object);
const define = (options: object) => defineTask("a.task", () => 1, options);
const act = (options: object, verb: "cancel" | "move" | "edit" = "cancel") =>
  client.action(verb, { queue: "q" }, options).result();
const field = (call: (options: object) => unknown, name: string): [string, Call] => [name, (x) => call({ [name]: x })];

/** Each call, and which of the odd values it takes. */
const calls: readonly (readonly [what: string, call: Call, takes: string])[] = [
  ["enqueue(…)", (x) => client.enqueue(x as string, {}, { queue: "q" }), "text digits"],
  ["enqueue params", (x) => client.enqueue("a.task", x as object, { queue: "q" }), "object filled bare"],
  ["enqueue options", (x) => client.enqueue("a.task", {}, x as object), "object date badDate bare"],
  ...fields("enqueue", enqueue, {
    ...{
      queue: "text digits",
      delay: "zero half",
      at: "minus zero half date",
      startBy: "zero half date",
      priority: "minus zero",
      score: "",
    },
    ...{
      attempts: "",
      backoff: "object date badDate bare",
      timeout: "zero half",
      hardTimeout: "zero half",
      isolate: "true",
    },
    ...{
      key: "text digits",
      onDuplicate: "",
      tags: "list",
      id: "",
      session: "",
      parent: "",
      meta: "object date badDate bare",
    },
  }),
  ...fields("back-off", (backoff) => enqueue({ backoff }), {
    type: "",
    delay: "zero half",
    max: "zero half",
    jitter: "zero half",
  }),
  ...fields("key", (key) => enqueue({ key: { value: "k", until: "start", ...key } }), {
    value: "text digits",
    until: "",
    for: "half",
  }),
  ["enqueueMany(…)", (x) => client.enqueueMany("a.task", x as [], { queue: "q" }), "list"],
  ["enqueueMembers queue", (x) => client.enqueueMembers(x as string, []), "text digits"],
  ["put queue", (x) => client.put(x as string, {}), "text digits"],
  ["jobs(…)", (x) => client.jobs(x as object), "object date badDate bare"],
  ...fields("jobs", (filter) => client.jobs(filter), {
    ...{ queue: "text digits", path: "text digits surrogate long", status: "list", ids: "list", tags: "list" },
    ...{ worker: "text digits surrogate long", params: "object filled bare", error: "object date badDate bare" },
    ...{
      queued: "object date badDate bare",
      finished: "object date badDate bare",
      parent: "list",
      limit: "zero",
      order: "",
    },
  }),
  ["requeue(…)", (x) => client.requeue(x as []), "list"],
  ["cancel list", (x) => client.cancel([x] as []), ""],
  ["handle(…)", (x) => client.handle(x as never), ""],
  ["queue(…)", (x) => client.queue(x as string), "text digits"],
  ["head(…)", (x) => client.queue("q").head(x as number), "zero"],
  ["untilIdle(…)", (x) => idle.untilIdle(x as []), "list"],
  ...fields("histogram", (options) => client.queue("q").histogram(options), {
    ...{ from: "minus zero half date", to: "minus zero half date", slices: "" },
  }),
  ...fields("logs", (filter) => client.logs(id, filter), { level: "", attempt: "" }),
  ["action(…)", (x) => client.action(x as "cancel", { queue: "q" }), ""],
  ["action filter", (x) => client.action("cancel", x as object), ""],
  ["action options", (x) => client.action("cancel", { queue: "q" }, x as object), "object date badDate bare"],
  ...fields("action", act, { max: "", rate: "", onProgress: "function", signal: "" }),
  ...fields("move", (options) => act(options, "move"), { to: "text digits" }),
  ...fields("edit", (options) => act(options, "edit"), {
    ...{ priority: "minus zero", delay: "zero half", at: "minus zero half date", params: "object filled bare" },
  }),
  ...fields("consume", (options) => client.consume("q", options), {
    ...{ max: "", lease: "", wait: "zero half", signal: "" },
  }),
  ["defineTask(…)", (x) => defineTask(x as string, () => 1), "text digits"],
  ["task function", (x) => defineTask("a.task", x as () => 1), "function"],
  ["task options", (x) => define(x as object), "object date badDate bare"],
  ...fields("task", define, {
    ...{
      queue: "text digits",
      priority: "minus zero",
      attempts: "",
      backoff: "object date badDate function bare",
      isolate: "true",
    },
    ...{
      timeout: "zero half",
      hardTimeout: "zero half",
      keepResults: "zero half",
      keepFailures: "zero half",
      schema: "",
    },
    ...{ limit: "list", onFailed: "function" },
  }),
  ...fields("limit", (limit) => define({ limit: { max: 1, per: "1s", ...limit } }), {
    max: "",
    per: "",
    concurrency: "",
  }),
  ...fields("batch", (options) => defineBatchTask("a.batch", () => [], options), { size: "", wait: "zero half" }),
];

function fields(what: string, call: (options: object) => unknown, takes: Readonly<Record<string, string>>) {
  return Object.entries(takes).map(([name, list]): [string, Call, string] => [
    `${what}: ${name}`,
    field(call, name)[1],
    list,
  ]);
}

const told = (error: unknown): boolean =>
  error instanceof TandemQError && ["INVALID_OPTION", "INVALID_PARAMS"].includes(error.code);

test.each(calls)("%s is refused with a typed error, but for what it can take", async (_what, call, takes) => {
  const taken: string[] = [];
  for (const [name, value] of Object.entries(odd)) {
    try {
      await call(value);
      taken.push(name);
    } catch (error) {
      if (!told(error)) throw error;
    }
  }
  expect(taken.sort()).toEqual(takes.split(" ").filter(Boolean).sort());
});
