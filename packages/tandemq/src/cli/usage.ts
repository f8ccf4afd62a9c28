import { didYouMean } from "@tandemq/core";
import { commands } from "./commands/index.js";

/** What is wrong with the command line, in one line, and where help is. `message` is the parser's own. */
export function usageOf(message: string, words: readonly string[], flags: readonly string[]): string {
  const [command = "", action = ""] = words;
  const near = /^Did you mean (.+)\?$/.exec(message)?.[1];
  if (near !== undefined) return `unknown command "${command}", did you mean "${near}"?`;
  const actions = commands.find(({ name }) => name === command)?.actions ?? [];
  const meant = message.startsWith("Unknown") && !actions.includes(action) ? didYouMean(action, actions) : undefined;
  if (meant !== undefined) return `unknown action "${action}", did you mean "${meant}"?`;
  return `${plain(message, flags)}; see \`${["tandemq", ...helped(command, action)].join(" ")} --help\``;
}

/** The deepest command of the line that there is. */
function helped(command: string, action: string): string[] {
  const known = commands.find(({ name }) => name === command);
  if (!known) return [];
  return known.actions?.includes(action) ? [command, action] : [command];
}

function plain(message: string, flags: readonly string[]): string {
  if (message.startsWith("Not enough non-option arguments")) return "an argument is missing";
  const unknown = /^Unknown argument: (\S+)$/.exec(message)?.[1];
  const near = unknown === undefined ? undefined : didYouMean(unknown, flags);
  const text = `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  return near === undefined ? text : `${text}, did you mean --${near}?`;
}
