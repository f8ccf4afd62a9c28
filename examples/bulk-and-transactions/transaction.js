/** An order and the jobs that follow from it, in one transaction. */
export async function placeOrder(client, mongo, order) {
  let shipping;
  await mongo.withSession((session) =>
    session.withTransaction(async () => {
      await mongo.db().collection("orders").insertOne({ _id: order, state: "new" }, { session });
      shipping = await client.enqueue("orders.ship", { order }, { queue: "orders", session });
      await client.enqueue("orders.confirm", { order }, { queue: "mail", session });
    }),
  );
  return shipping;
}
