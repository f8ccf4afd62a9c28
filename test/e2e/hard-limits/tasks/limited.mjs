import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

export const limited = defineTask("hard.limited", () => sleep(120_000), { hardTimeout: "100ms" });
