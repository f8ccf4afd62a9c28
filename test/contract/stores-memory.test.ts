import { MemoryJobStore, MemoryRegistry } from "@tandemq/core";
import { jobStoreContract } from "./job-store-contract.js";
import { registryContract } from "./registry-contract.js";

jobStoreContract("memory", async () => new MemoryJobStore());
registryContract("memory", async () => ({ registry: new MemoryRegistry(), close: async () => undefined }));
