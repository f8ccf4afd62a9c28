import { expect, test } from "@jest/globals";
import { Client, createMemoryDeployment, defineTask, withTaskRules } from "@tandemq/core";

const rules = {
  "*": { attempts: 2, timeout: "1m", priority: 1 },
  "mail.*": { attempts: 3, queue: "mail" },
  "mail.send": { timeout: "5s" },
} as const;

test("the full path wins over the code, the code over a longer pattern, that over a shorter one", () => {
  expect(withTaskRules("mail.send", { priority: 5, timeout: "9s" }, rules)).toEqual({
    ...{ attempts: 3, queue: "mail", priority: 5, timeout: "5s" },
  });
  expect(withTaskRules("mail.read", { attempts: 9 }, rules)).toMatchObject({ attempts: 9, timeout: "1m" });
  expect(withTaskRules("other", {}, rules)).toEqual(rules["*"]);
  expect(withTaskRules("constructor", { attempts: 4 }, { "mail.*": { attempts: 1 } })).toEqual({ attempts: 4 });
});

test("a producer goes by them, with the task or its path alone; what it says of one job wins", async () => {
  await using client = new Client(createMemoryDeployment(), { taskRules: rules });
  const send = defineTask("mail.send", () => undefined, { queue: "code", priority: 5 });
  const byTask = await client.enqueue(send, {});
  expect(await byTask.get()).toMatchObject({ queue: "code", priority: 5 });
  const byPath = await client.enqueue("mail.send", {});
  expect(await byPath.get()).toMatchObject({ queue: "mail", priority: 1 });
  const [said] = await client.enqueueMany("mail.send", [{}], { queue: "own", priority: 0 });
  expect(await said?.get()).toMatchObject({ queue: "own", priority: 0 });
});
