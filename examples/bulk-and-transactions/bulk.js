/** Actions on all jobs that match a filter. */
export async function bulk(client) {
  const mails = Array.from({ length: 500 }, (_, n) => ({ to: n % 5 === 0 ? "bob" : "alice", n }));
  await client.enqueueMany("orders.confirm", mails, { queue: "mail", delay: "1h", tags: ["news"] });

  const cancelled = await client.action("cancel", { queue: "mail", params: { to: "bob" } }).result();
  console.log(cancelled.done, "cancelled");

  const moving = client.action("move", { queue: "mail", tags: ["news"] }, { to: "mail-later", max: 300 });
  for await (const { found, done } of moving) {
    if (done === found) console.log(done, "moved");
  }
  console.log((await moving.result()).capped ? "there are more" : "that was all");

  await client.action("edit", { queue: "mail" }, { priority: -5, delay: "2h" }).result();
  const removed = await client.action("remove", { tags: ["news"] }).result();
  console.log(removed.done, "removed");

  const broken = { path: "orders.ship", error: { text: "ECONNRESET" } };
  const redriven = await client.action("requeue", broken, { rate: { max: 100, per: "1s" } }).result();
  console.log(redriven.done, "redriven");
}
