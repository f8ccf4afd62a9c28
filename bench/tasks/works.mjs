import { defineTask } from "tandemq";
import { works } from "../lib/work.mjs";

export const add = defineTask("bench.add", works.add);
export const spin = defineTask("bench.spin", works.spin);
export const nap = defineTask("bench.nap", works.nap);
export const flaky = defineTask("bench.flaky", (params, job) => works.flaky(params, job.attempt));
