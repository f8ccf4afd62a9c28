import { defineTask } from "tandemq";
import { works } from "../lib/work.mjs";

export const add = defineTask("bench.add", works.add);
export const spin = defineTask("bench.spin", works.spin);
