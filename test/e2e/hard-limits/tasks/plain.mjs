import { setTimeout as sleep } from "node:timers/promises";
import { defineTask } from "tandemq";

export const plain = defineTask("hard.plain", () => sleep(120_000));
