import { defineTask } from "tandemq";

export const count = defineTask("reports.count", async ({ words }) => words.split(" ").length);
