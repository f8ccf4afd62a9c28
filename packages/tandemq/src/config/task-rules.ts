import { checkTaskOptions, InvalidOptionError, options as o, type TaskOptions, type TaskRules } from "@tandemq/core";

/** What a configuration says of one task or of all that match a pattern: as in code, but for functions. */
const taskRule: o.Field<TaskOptions> = {
  doc: "Options of one task, or of all whose path matches.",
  shape: "object",
  expected: "an object with options of a task",
  default: undefined,
  shownDefault: undefined,
  fromText: (text) => text,
  read(given, path, report) {
    const fault = faultOf(given);
    if (fault !== undefined) report.mistake(path, fault);
    return fault === undefined ? (given as TaskOptions) : {};
  },
};

export const taskRules: o.Field<TaskRules> = o.record(taskRule, {
  doc: "Options of tasks, by their path or by a pattern that ends in *.",
  default: {},
  name: /^(?=.{1,201}$)(\*|[A-Za-z0-9_][\w.:/#$-]*\*?)$/,
  expectedName: "a task's path or a pattern that ends in *",
});

function faultOf(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return `expected ${taskRule.expected}`;
  const entry = Object.entries(given).find(([, value]) => hasFunction(value));
  if (entry) return `${entry[0]}: a function cannot be sent to the workers' processes: give it in the task's own code`;
  try {
    checkTaskOptions(given, "");
    return undefined;
  } catch (error) {
    if (error instanceof InvalidOptionError) return error.message.replace(/^: /, "");
    throw error;
  }
}

function hasFunction(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasFunction);
  return typeof value === "function";
}
