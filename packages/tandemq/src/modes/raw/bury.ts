import type { ChangeAnswer, DepartAnswer, Departure, JobRef } from "@tandemq/core";
import { answerSome, placesOf } from "../pick.js";
import type { RawContext } from "./context.js";
import { removeLeftovers, takeOwn } from "./remove-entries.js";
import { look } from "./standing.js";

/** A dead job is its document, unless the entry of its next life is in line already. */
export async function departDead(context: RawContext, refs: readonly JobRef[]): Promise<DepartAnswer[]> {
  const looked = await look(context, refs);
  const answers = looked.answers as DepartAnswer[];
  const dead = placesOf(answers, (answer) => answer === "final");
  await answerSome(answers, refs, dead, (some) => context.store.depart(some));
  return answers;
}

/** What a death has left of the entries goes first: without the document it would run again. */
export async function leaveDead(context: RawContext, departures: readonly Departure[]): Promise<ChangeAnswer[]> {
  const jobs = departures.map(({ job }) => job);
  const free = await removeLeftovers(context, jobs, takeOwn);
  const answers: (ChangeAnswer | undefined)[] = free.map((isFree) => (isFree ? undefined : "started"));
  await answerSome(answers, departures, placesOf(free, Boolean), (some) => context.store.leave(some));
  return answers.map((answer) => answer ?? "missing");
}
