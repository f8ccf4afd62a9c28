import type { ChangeAnswer, JobChange, JobRef } from "@tandemq/core";
import type { BrokerContext } from "../broker-context.js";

export async function move(_context: BrokerContext, _ref: JobRef, _change: JobChange): Promise<ChangeAnswer> {
  return "missing";
}
