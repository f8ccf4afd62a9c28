import { defineTask } from "tandemq";

/** Ten mails in any second for each domain, by all workers together. */
export const send = defineTask("mail.send", async ({ to }) => ["sent to", to].join(" "), {
  limit: { key: ({ to }) => to.split("@")[1], max: 10, per: "1s" },
});

/** One at a time for each customer, and three at a time in all. */
export const bill = defineTask("mail.bill", async ({ customer }) => ["billed", customer].join(" "), {
  limit: [{ key: ({ customer }) => customer, concurrency: 1 }, { concurrency: 3 }],
});
