import { brokerProperty } from "./broker-property.js";
import { modeSubject } from "./subjects/modes.js";

brokerProperty(modeSubject("raw"));
brokerProperty(modeSubject("no-storage"));
