import type { ChangeAnswer, Token } from "@tandemq/core";
import type { Document } from "mongodb";
import type { JobFilterDocument } from "../documents/filters.js";
import { fromNow } from "../documents/updates.js";

/** So long nobody else moves a job that one mover has, milliseconds. */
export const heldFor = 10_000;

/** No other mover has the job. One without the field compares as less than any time. */
export function isFreeFor(mover?: Token): JobFilterDocument {
  const isFree = { $lte: ["$leaving.until", "$$NOW"] };
  return { $expr: mover === undefined ? isFree : { $or: [isFree, { $eq: ["$leaving.by", { $literal: mover }] }] } };
}

/** No mover has only just brought the job, which has not arrived. */
export const hasArrived: JobFilterDocument = {
  $expr: { $or: [{ $lte: ["$parked", null] }, { $lte: ["$leaving.until", "$$NOW"] }] },
};

/** As a change of them was answered, those that a mover has are `started`. */
export function movingAsStarted(answers: readonly ChangeAnswer[]): ChangeAnswer[] {
  return answers.map((answer) => (answer === "waiting" ? "started" : answer));
}

/** The mover has the job from now on. */
export function heldBy(mover: Token): Document {
  return { leaving: { by: { $literal: mover }, until: fromNow(heldFor) } };
}
