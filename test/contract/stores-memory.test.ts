import { MemoryJobStore, MemoryRegistry } from "@tandemq/core";
import { jobStoreContract } from "./job-store-contract.js";
import { registryContract } from "./registry-contract.js";

const close = async () => undefined;

jobStoreContract("memory", async () => ({ store: new MemoryJobStore(), close }));
registryContract("memory", async () => ({ registry: new MemoryRegistry(), close }));
