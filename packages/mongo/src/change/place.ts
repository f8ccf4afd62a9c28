import { type ChangeAnswer, isFinal, isStatus } from "@tandemq/core";
import type { Stored } from "../documents/job-document.js";

/** Where in its life a job stands, as changes are allowed or refused by it. */
export function placeOf({ status }: Stored): Exclude<ChangeAnswer, "done" | "missing"> {
  if (status === "started") return "started";
  return isStatus(status) && isFinal(status) ? "final" : "waiting";
}
