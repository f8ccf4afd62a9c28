import { brokerContract } from "./broker-contract.js";
import { redisSubject } from "./subjects/redis.js";

brokerContract(redisSubject("failures"));
brokerContract(redisSubject("nothing"));
