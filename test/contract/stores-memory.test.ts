import { MemoryJobLogs, MemoryJobStore, MemoryRegistry } from "@tandemq/core";
import { jobLogsContract } from "./job-logs-contract.js";
import { jobStoreContract } from "./job-store-contract.js";
import { registryContract } from "./registry-contract.js";

const close = async () => undefined;

jobStoreContract("memory", async () => ({ store: new MemoryJobStore(), close }));
registryContract("memory", async () => ({ registry: new MemoryRegistry(), close }));
jobLogsContract("memory", async () => ({ logs: new MemoryJobLogs(), close }));
