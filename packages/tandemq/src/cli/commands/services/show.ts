import { redactUrl } from "@tandemq/core";
import type { BackgroundServices } from "../../../services/background/state.js";
import { printJson } from "../../print.js";

const usual = { mongo: "27017", redis: "6379" };

/** The addresses, and what to do with them where they are not the usual ones. */
export function showServices(services: BackgroundServices, json: boolean): void {
  if (json) return printJson({ running: true, ...services });
  const { mongoUrl, redisUrl, data } = services;
  console.log(`MongoDB  ${redactUrl(mongoUrl)}`);
  console.log(`Redis    ${redactUrl(redisUrl)}`);
  console.log(`Data     ${data ?? "temporary, gone when they stop"}`);
  if (new URL(mongoUrl).port === usual.mongo && new URL(redisUrl).port === usual.redis) return;
  console.log("\nThese are not the usual ports: name the addresses in the configuration, or in the environment:\n");
  console.log(`  export TANDEMQ_MONGO='${mongoUrl}' TANDEMQ_REDIS='${redisUrl}'`);
}
