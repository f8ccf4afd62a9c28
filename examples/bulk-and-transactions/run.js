import { MongoClient } from "mongodb";
import { createClient } from "tandemq";
import { bulk } from "./bulk.js";
import { consume } from "./consume.js";
import config from "./tandemq.config.js";
import { placeOrder } from "./transaction.js";

// The worker's configuration does not have the queue "parcels": its jobs are taken here.
const client = await createClient({ ...config, queues: { ...config.queues, parcels: "raw" } });
const mongo = new MongoClient(config.mongo);

await bulk(client);
await consume(client);

const shipping = await placeOrder(client, mongo, "order-1");
console.log(await shipping.result({ timeout: "30s" }));
console.log(await mongo.db().collection("orders").findOne({ _id: "order-1" }));

await mongo.close();
await client.close();
