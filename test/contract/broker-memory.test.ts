import { brokerContract } from "./broker-contract.js";
import { memorySubject } from "./subjects/memory.js";

brokerContract(memorySubject("all"));
brokerContract(memorySubject("failures"));
