import { Command } from "../e2e/support/command.js";

/** A `tandemq` command line as it stands in a page, without what is piped into it or out of it. */
export function commandsOf(text: string): string[][] {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const parts = lines.flatMap((line) => line.replace(/(^|\s)#.*$/, "").split(/\s(?:\||&&|>|<|;|&)\s*/));
  return parts.flatMap((part) => {
    const words = wordsOf(part).filter((word) => !/^[A-Z_]+=/.test(word));
    if (words[0] === "npx") words.shift();
    return words[0] === "tandemq" ? [words.slice(1)] : [];
  });
}

/** The words of a command line as a shell sees them; quotes are taken off. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain = ""]) => single ?? double ?? plain,
  );
}

const helps = new Map<string, Promise<string>>();

/** What the command says of itself, without running it. */
function helpOf(words: readonly string[]): Promise<string> {
  const line = words.join(" ");
  const help = helps.get(line) ?? askHelp(words);
  helps.set(line, help);
  return help;
}

async function askHelp(words: readonly string[]): Promise<string> {
  const command = new Command([...words, "--help"], { TANDEMQ_MONGO: "", TANDEMQ_REDIS: "" });
  command.write();
  return (await command.ended).stdout;
}

/** What is wrong with a command line, if anything: a command or a flag that does not exist. */
export async function mistakesOf(words: readonly string[]): Promise<string[]> {
  const flagAt = words.findIndex((word) => word.startsWith("-"));
  // A second word may be a command below the first, or an argument: --help shows the deepest command there is.
  const named = words.slice(0, flagAt === -1 ? 2 : Math.min(flagAt, 2));
  const help = await helpOf(named);
  const unknown = named.length > 0 && !help.startsWith(`tandemq ${named[0]}`) ? [`no command "${named[0]}"`] : [];
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ""));
  return [...unknown, ...flags.filter((flag) => !knows(help, flag)).map((flag) => `no flag ${flag}`)];
}

function knows(help: string, flag: string): boolean {
  const names = [flag, flag.replace(/^--no-/, "--")];
  return names.some((name) => new RegExp(`(^|[\\s,])${name}(?![\\w-])`, "m").test(help));
}
