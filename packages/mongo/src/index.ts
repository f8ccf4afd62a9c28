export type { ConnectionOptions } from "./connection/connection.js";
export { createMongo, type Mongo, type MongoOptions } from "./create-mongo.js";
export { MongoBroker } from "./mongo-broker.js";
export { MongoRegistry } from "./registry/mongo-registry.js";
export { MongoJobStore } from "./store/mongo-job-store.js";
export type { MongoFacts, MongoInspector } from "./inspect/mongo-inspector.js";
export type { MongoUpkeep } from "./upkeep/mongo-upkeep.js";
export type { TrimRule } from "./upkeep/trim.js";
