import { brokerContract } from "./broker-contract.js";
import { modeSubject } from "./subjects/modes.js";

brokerContract(modeSubject("regular"));
