import type { OnDuplicate } from "@tandemq/core";
import * as fc from "fast-check";

/** One step of a random story. Jobs, deliveries and ids are named by a number, taken modulo those there are. */
export type Operation =
  | {
      readonly verb: "enqueue";
      readonly queue: number;
      readonly key: number;
      readonly priority: number;
      readonly delayed: boolean;
      readonly onDuplicate: OnDuplicate | undefined;
    }
  | { readonly verb: "enqueue many"; readonly queue: number; readonly count: number; readonly delayed: number }
  | { readonly verb: "enqueue again"; readonly job: number; readonly count: number }
  | { readonly verb: "claim"; readonly queues: readonly number[]; readonly max: number }
  | { readonly verb: "settle"; readonly delivery: number; readonly outcome: number }
  | { readonly verb: "extend"; readonly delivery: number }
  | { readonly verb: "lapse"; readonly delivery: number }
  | { readonly verb: "edit"; readonly job: number; readonly change: number }
  | { readonly verb: "cancel" | "remove" | "requeue"; readonly jobs: readonly number[] }
  | { readonly verb: "pause" | "resume" | "purge"; readonly queue: number };

export type Verb = Operation["verb"];

/** Plain objects, so that a counterexample can be read. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

const some = fc.nat(1000);
const queue = fc.nat(1);
const jobs = fc.array(some, { minLength: 1, maxLength: 3 });
const one = <V extends Verb>(verb: V): fc.Arbitrary<V> => fc.constant(verb);

const enqueue = record({
  verb: one("enqueue"),
  queue,
  key: fc.nat(5),
  priority: fc.constantFrom(0, 0, 0, 1, -10, 10),
  delayed: fc.boolean(),
  onDuplicate: fc.constantFrom(undefined, undefined, "keep" as const, "replace" as const, "extend" as const),
});

/** Jobs of one call, all alike or but for one that is delayed. */
const enqueueMany = record({
  verb: one("enqueue many"),
  queue,
  count: fc.integer({ min: 2, max: 12 }),
  delayed: fc.constantFrom(-1, -1, -1, 1),
});

const claim = record({
  verb: one("claim"),
  queues: fc.constantFrom([0], [0, 1], [1]),
  max: fc.constantFrom(1, 2, 3, 4, 9, 15),
});

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: enqueue },
  { weight: 2, arbitrary: enqueueMany },
  { weight: 8, arbitrary: claim },
  { weight: 7, arbitrary: record({ verb: one("settle"), delivery: some, outcome: some }) },
  { weight: 2, arbitrary: record({ verb: one("lapse"), delivery: some }) },
  { weight: 2, arbitrary: record({ verb: one("extend"), delivery: some }) },
  { weight: 3, arbitrary: record({ verb: one("edit"), job: some, change: some }) },
  { weight: 2, arbitrary: record({ verb: one("requeue"), jobs }) },
  { weight: 1, arbitrary: record({ verb: fc.constantFrom("cancel" as const, "remove" as const), jobs }) },
  { weight: 1, arbitrary: record({ verb: one("enqueue again"), job: some, count: fc.constantFrom(1, 1, 5, 9) }) },
  {
    weight: 1,
    arbitrary: record({ verb: fc.constantFrom("pause" as const, "resume" as const, "purge" as const), queue }),
  },
);

/** A story: what happens to a store, one thing after the other. */
export const story: fc.Arbitrary<Operation[]> = fc.array(operation, { minLength: 1, maxLength: 60, size: "max" });
