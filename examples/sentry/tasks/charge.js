import { defineTask } from "tandemq";

export const charge = defineTask("charge", async ({ card }) => {
  throw new RangeError(`the card ${String(card)} was refused`);
});
