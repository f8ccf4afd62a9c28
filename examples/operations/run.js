import { createClient } from "tandemq";

const client = await createClient();
const card = { number: "4111-1111-1111-1111" };

const paid = await client.enqueue("payments.charge", { card, amount: 10 }, { queue: "payments" });
console.log(await paid.result({ timeout: "30s" }));

const refused = await client.enqueue("payments.charge", { card, amount: 5000 }, { queue: "payments" });
const { error } = await refused.finished({ timeout: "30s" });
console.log(error.message);

const later = await client.enqueue("payments.charge", { card, amount: 1 }, { queue: "payments", delay: "1h" });
const { reasons } = await client.why(later.id);
console.log(reasons.map(({ reason }) => reason));
await client.close();
