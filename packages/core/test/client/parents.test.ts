import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, Enqueuer, type Deployment, newJobId } from "../../src/index.js";
import { maxGenerations } from "../../src/client/parents.js";

let deployment: Deployment;
let client: Client;
beforeEach(() => {
  deployment = createMemoryDeployment();
  client = new Client(deployment);
});
afterEach(() => client.close());

const [a, b, c] = [newJobId(), newJobId(), newJobId()];
const add = (id: string, parent: string, queue: string = "q") => client.enqueue("t", {}, { id, parent, queue });

test("a job whose parent descends from it is refused, in whatever queue they are", async () => {
  await add(a, b, "one");
  await add(b, c, "two");
  await expect(add(c, a, "three")).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: `enqueue: parent: ${a} descends from job ${c}`,
  });
  expect(await client.job(c)).toBeUndefined();
  expect((await add(c, newJobId())).created).toBe(true);
});

test("asked twice it is no circle", async () => {
  await add(a, b);
  expect((await add(a, b)).id).toBe(a);
});

test("a circle among jobs that are enqueued together, or at the same moment, is refused", async () => {
  const parents = [b, c, a];
  const together = client.enqueueMany("t", [{}, {}, {}], (_, i) => ({ id: [a, b, c][i]!, parent: parents[i]! }));
  await expect(together).rejects.toMatchObject({ code: "INVALID_OPTION" });
  const answers = await Promise.allSettled([add(a, b), add(b, c), add(c, a)]);
  expect(answers.every(({ status }) => status === "rejected")).toBe(true);
  expect(await client.jobs()).toEqual([]);
});

test("of a stream, those that close a circle are refused, the others go on", async () => {
  await add(a, b);
  const items = [{ id: b, parent: a }, { id: c, parent: newJobId() }, {}];
  const report = await client.enqueueAll("t", items, (one) => ({ ...one }));
  expect(report).toMatchObject({ created: 2, refused: 1 });
  expect(report.refusals).toMatchObject([{ index: 0, error: { code: "INVALID_OPTION" } }]);
});

test("what a run enqueues is looked at, too", async () => {
  await add(a, b);
  const job = { id: b, parent: a, path: "t", queue: "q", params: "{}", priority: 0, due: { after: 0 } };
  const [answer] = await new Enqueuer(deployment).add([{ ...job, idChosen: true }]);
  expect(answer).toMatchObject({ state: "refused", error: { code: "INVALID_OPTION" } });
});

test("so many generations are looked at, and more refused", async () => {
  const ids = Array.from({ length: maxGenerations + 1 }, newJobId);
  const links = ids.slice(1).map((id, i) => ({ id, parent: ids[i]! }));
  for (const link of links.slice(0, -1)) await client.enqueue("t", {}, link);
  expect((await client.enqueue("t", {}, links.at(-1)!)).created).toBe(true);
  await expect(add(newJobId(), ids.at(-1)!)).rejects.toThrow(`more than ${maxGenerations} generations`);
  expect((await client.enqueue("t", {}, { parent: ids.at(-1)! })).created).toBe(true);
});
