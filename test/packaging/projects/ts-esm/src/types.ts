/** Never run: what the compiler infers, and what it refuses. */
import type { Client, JobContext, Json, StandardSchema } from "tandemq";
import { defineBatchTask, defineTask } from "tandemq";
import { send } from "./tasks/mail.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

export async function byTask(client: Client): Promise<void> {
  const job = await client.enqueue(send, { to: "ann" });
  same<Awaited<ReturnType<typeof job.result>>, { sent: string }>(true);
  const jobs = await client.enqueueMany(send, [{ to: "ann" }], ({ to }) => ({ key: to }));
  same<Awaited<ReturnType<NonNullable<(typeof jobs)[0]>["result"]>>, { sent: string }>(true);
  // @ts-expect-error a misspelt param
  await client.enqueue(send, { too: "ann" });
  // @ts-expect-error a param of another type
  await client.enqueue(send, { to: 1 });
  // @ts-expect-error one of many
  await client.enqueueMany(send, [{ to: "ann" }, { to: 1 }]);
}

export async function byKnownPath(client: Client): Promise<void> {
  const sent = await client.enqueue("mail.send", { to: "ann" });
  same<Awaited<ReturnType<typeof sent.result>>, { sent: string }>(true);
  const count = await client.enqueue("mail.count", { folder: "inbox" });
  same<Awaited<ReturnType<typeof count.result>>, number>(true);
  const counts = await client.enqueueMany("mail.count", [{ folder: "inbox" }], ({ folder }) => ({ key: folder }));
  same<Awaited<ReturnType<NonNullable<(typeof counts)[0]>["result"]>>, number>(true);
  // @ts-expect-error a misspelt param
  await client.enqueue("mail.send", { too: "ann" });
  // @ts-expect-error a param of another type
  await client.enqueue("mail.count", { folder: 1 });
  // @ts-expect-error one of many
  await client.enqueueMany("mail.count", [{ folder: "inbox" }, {}]);
}

export async function byOtherPath(client: Client, path: string): Promise<void> {
  const job = await client.enqueue("other.task", { anything: [1, "two"] });
  same<Awaited<ReturnType<typeof job.result>>, Json | undefined>(true);
  await client.enqueue(path, { anything: true });
  await client.enqueueMany(path, [{}, {}], { queue: "mail" });
  // @ts-expect-error params are an object
  await client.enqueue("other.task", "text");
  // @ts-expect-error an option that does not exist
  await client.enqueue("other.task", {}, { que: "mail" });
}

export async function inATask(job: JobContext): Promise<void> {
  await job.enqueue(send, { to: "ann" });
  await job.enqueue("mail.count", { folder: "inbox" });
  // @ts-expect-error a param of another type
  await job.enqueue(send, { to: 1 });
  // @ts-expect-error one of many
  await job.enqueueMany(send, [{ to: "ann" }, { to: 1 }]);
  // @ts-expect-error a misspelt param
  await job.enqueue("mail.count", { foldr: "inbox" });
}

export async function manyInATask(job: JobContext): Promise<void> {
  await job.enqueueMany(send, [{ to: "ann" }], ({ to }, index) => ({ key: to, once: `mail ${index}` }));
  await job.enqueueMany("mail.count", [{ folder: "inbox" }], ({ folder }) => ({ tags: [folder] }));
  // @ts-expect-error an option that does not exist
  await job.enqueueMany(send, [{ to: "ann" }], ({ to }) => ({ que: to }));
}

export function limitsKnowTheParams(schema: StandardSchema<{ host: string }, { host: string; at: Date }>): void {
  const visit = ({ host }: { host: string }) => host;
  defineTask("visit", visit, { limit: { key: ({ host }) => host, max: 10, per: "1s" } });
  defineTask("visit", visit, { limit: [{ key: ({ host }) => host, concurrency: 1 }, { concurrency: 3 }] });
  // @ts-expect-error a misspelt param
  defineTask("visit", visit, { limit: { key: ({ hots }) => hots, concurrency: 1 } });
  const checked = defineTask("visit", ({ host, at }) => host + at.getTime(), {
    schema,
    limit: { key: ({ host }) => host, concurrency: 1 },
  });
  same<(typeof checked)["~params"], { host: string } | undefined>(true);
  const batch = defineBatchTask("visit", (jobs) => jobs.map(({ params: { host, at } }) => host + at.getTime()), {
    schema,
    limit: { key: ({ host }) => host, concurrency: 1 },
    size: 10,
  });
  same<(typeof batch)["~params"], { host: string } | undefined>(true);
}
