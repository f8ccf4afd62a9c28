import { MongoClient } from "mongodb";
import { defineTask } from "tandemq";

const mongo = new MongoClient(process.env.TANDEMQ_MONGO ?? "mongodb://127.0.0.1:27017/shop");

export const ship = defineTask("orders.ship", async ({ order }, job) => {
  await mongo.withSession((session) =>
    session.withTransaction(async () => {
      const orders = mongo.db().collection("orders");
      await orders.updateOne({ _id: order }, { $set: { state: "shipped" } }, { session });
      await job.complete(session, { shipped: order });
    }),
  );
});

export const confirm = defineTask("orders.confirm", async ({ order }) => ({ confirmed: order }));
