import { expect, test } from "@jest/globals";
import type { Outcome, Settlement } from "../../src/model/claim.js";
import { Turns } from "../../src/wake/turns.js";

const queues = ["a", "b", "c"];

function turnsOf(...served: string[]): Turns {
  const turns = new Turns();
  for (const queue of served) turns.served(queue);
  return turns;
}

const back = (queue: string, outcome: Outcome): Settlement => ({ id: "1", queue, token: "t", outcome });

test("who was served longest ago is first, who never was before all others", () => {
  expect(turnsOf().order(queues)).toEqual(["a", "b", "c"]);
  expect(turnsOf("a", "b").order(queues)).toEqual(["c", "a", "b"]);
  expect(turnsOf("c", "a", "b", "c").order(queues)).toEqual(["a", "b", "c"]);
});

test("a turn that led to no start comes back, however many jobs of it come back", () => {
  const turns = turnsOf("a", "b", "c", "a", "b");
  turns.cameBack([back("a", { status: "interrupt", limited: true })]);
  turns.cameBack([back("a", { status: "interrupt", limited: true })]);
  expect(turns.order(queues)).toEqual(["a", "c", "b"]);
});

test.each<[string, Outcome]>([
  ["ran and was interrupted", { status: "interrupt" }],
  ["has to wait under a limit", { status: "interrupt", limited: true, delay: 1000 }],
  ["is to be tried again", { status: "retry", delay: 0 }],
])("a turn is over where the job %s", (_, outcome) => {
  const turns = turnsOf("a", "b", "c", "a");
  turns.cameBack([back("a", outcome)]);
  expect(turns.order(queues)).toEqual(["b", "c", "a"]);
});

test("of more queues than it remembers, those served longest ago are forgotten: they stay before all others", () => {
  const turns = new Turns(4);
  for (const queue of ["a", "b", "c", "d", "a", "e"]) turns.served(queue);
  expect(turns.order(["e", "d", "a", "c", "b"])).toEqual(["c", "b", "d", "a", "e"]);
});
