import { brokerProperty } from "./broker-property.js";
import { mongoSubject } from "./subjects/mongo.js";

brokerProperty(mongoSubject);
