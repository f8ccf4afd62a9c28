import { type ChangeAnswer, type Departure, isDeparture, type Job, type JobRef, type JobStore } from "@tandemq/core";
import { answerSome, placesOf } from "./pick.js";

/**
 * Has dead documents for itself while `revive` puts their jobs into line: nobody else requeues or moves them meanwhile.
 * `started`: somebody else does.
 */
export async function holdDead(
  store: JobStore,
  refs: readonly JobRef[],
  revive: (jobs: readonly Job[]) => Promise<readonly ChangeAnswer[]>,
): Promise<ChangeAnswer[]> {
  const began = performance.now();
  const departed = await store.depart(refs);
  const answers = departed.map((one): ChangeAnswer => (typeof one === "string" && one !== "invalid" ? one : "started"));
  const held = placesOf(departed, isDeparture);
  const letGo = (places: readonly number[]) => store.stay(places.map((place) => departed[place] as Departure));
  if (held.some((place) => (departed[place] as Departure).heldFor <= performance.now() - began)) return answers;
  try {
    await answerSome(answers, departed, held, (some) => revive(some.map((one) => (one as Departure).job)));
  } catch (error) {
    await letGo(held).catch(() => undefined);
    throw error;
  }
  const refused = held.filter((place) => answers[place] !== "done");
  if (refused.length > 0) await letGo(refused);
  return answers;
}
