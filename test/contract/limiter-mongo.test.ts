import { createMongo } from "@tandemq/mongo";
import { mongoUrl } from "../support/stores.js";
import { unique } from "../support/unique.js";
import { limiterContract } from "./limiter-contract.js";
import { dropDatabase } from "./subjects/mongo.js";

limiterContract("MongoDB", async () => {
  const url = mongoUrl(unique("limits"));
  const [one, two] = [createMongo({ url }), createMongo({ url })];
  const close = async () => {
    await Promise.all([one.close(), two.close()]);
    await dropDatabase(url);
  };
  // The server runs on this machine: its clock is ours.
  return { limiter: one.limiter(), other: two.limiter(), now: async () => Date.now(), close };
});
