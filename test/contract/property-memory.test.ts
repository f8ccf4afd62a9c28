import { brokerProperty } from "./broker-property.js";
import { memorySubject } from "./subjects/memory.js";

brokerProperty(memorySubject("all"));
brokerProperty(memorySubject("failures"));
