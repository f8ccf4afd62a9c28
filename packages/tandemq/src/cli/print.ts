export { clean } from "./output/style.js";

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
