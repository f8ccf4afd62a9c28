import * as fc from "fast-check";

/** Something that is done to the only job of a story, at one of its three places. */
export type Act =
  | {
      readonly verb: "move" | "requeueTo";
      readonly from: number;
      /** Another place: so many further, of three. */
      readonly by: number;
      /** The mover dies at so many of its calls, before it or after it. 0: it lives. */
      readonly dies: number;
      readonly after: boolean;
    }
  | { readonly verb: "requeue" | "edit" | "succeed" | "fail" | "retry"; readonly at: number };

/** What is done to one job, by several at the same time, one round after the other. */
export interface Story {
  readonly begins: "waiting" | "retried" | "dead";
  readonly key: "start" | "finish" | undefined;
  readonly rounds: readonly (readonly Act[])[];
}

/** Plain objects, so that a counterexample can be read. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(model, { noNullPrototype: true });
}

const place = fc.constantFrom(0, 0, 1, 1, 2);

function mover(dies: fc.Arbitrary<number>): fc.Arbitrary<Act> {
  return record({
    verb: fc.constantFrom("move", "move", "requeueTo"),
    from: place,
    by: fc.constantFrom(1, 1, 2),
    dies,
    after: fc.boolean(),
  });
}

const other: fc.Arbitrary<Act> = record({
  verb: fc.constantFrom("requeue", "requeue", "edit", "succeed", "fail", "retry"),
  at: place,
});

/** @param mortal whether movers may die */
export function stories(mortal: boolean): fc.Arbitrary<Story> {
  const dies = mortal ? fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6) : fc.constant(0);
  const act = fc.oneof({ weight: 3, arbitrary: mover(dies) }, { weight: 2, arbitrary: other });
  return record({
    begins: fc.constantFrom("waiting", "retried", "dead", "dead"),
    key: fc.constantFrom(undefined, "start", "finish"),
    rounds: fc.array(fc.array(act, { minLength: 1, maxLength: 4, size: "max" }), { minLength: 1, maxLength: 4 }),
  });
}
