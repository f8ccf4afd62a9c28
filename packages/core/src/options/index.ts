/** The schema tool: one place for type, default, doc and check of each option. */
export * from "./compound.js";
export * from "./field.js";
export * from "./read-options.js";
export * from "./report.js";
export * from "./scalars.js";
export * from "./settings.js";
export * from "./show-duration.js";
export * from "./show-value.js";
