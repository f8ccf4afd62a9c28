export { startServices } from "./start-services.js";
export type { Services, ServicesOptions } from "./types.js";
