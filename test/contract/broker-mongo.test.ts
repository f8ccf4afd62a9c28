import { brokerContract } from "./broker-contract.js";
import { mongoSubject } from "./subjects/mongo.js";

brokerContract(mongoSubject);
