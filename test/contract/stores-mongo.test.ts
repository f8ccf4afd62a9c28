import { createMongo } from "@tandemq/mongo";
import { mongoUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";
import { jobLogsContract } from "./job-logs-contract.js";
import { jobStoreContract } from "./job-store-contract.js";
import { registryContract } from "./registry-contract.js";
import { dropDatabase } from "./subjects/mongo.js";

jobStoreContract("mongo", async () => {
  const url = mongoUrl(unique("tq"));
  const mongo = createMongo({ url });
  const store = mongo.store();
  const close = async () => {
    await mongo.close();
    await dropDatabase(url);
  };
  return { store, close };
});

registryContract("mongo", async () => {
  const url = mongoUrl(unique("tq"));
  const mongo = createMongo({ url });
  const close = async () => {
    await mongo.close();
    await dropDatabase(url);
  };
  return { registry: mongo.registry(), close };
});

jobLogsContract("mongo", async () => {
  const url = mongoUrl(unique("tq"));
  const mongo = createMongo({ url });
  const close = async () => {
    await mongo.close();
    await dropDatabase(url);
  };
  return { logs: mongo.logs(), close };
});
