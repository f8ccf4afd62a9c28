import { defineTask } from "tandemq";

export const charge = defineTask("payments.charge", ({ card, amount }) => {
  if (amount > 1000) throw new Error(`card ${card.number} was refused`);
  return { paid: amount, card: card.number };
});
