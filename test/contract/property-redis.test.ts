import { brokerProperty } from "./broker-property.js";
import { redisSubject } from "./subjects/redis.js";

brokerProperty(redisSubject("failures"));
