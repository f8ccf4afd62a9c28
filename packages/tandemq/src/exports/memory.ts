/** For tests of services and tasks: a whole deployment in memory. */
export {
  createMemoryDeployment,
  MemoryBroker,
  type MemoryBrokerOptions,
  type MemoryDeploymentOptions,
} from "@tandemq/core";
