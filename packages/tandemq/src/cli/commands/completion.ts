import type { CommandModule } from "yargs";
import { bashScript, zshScript } from "./completion/scripts.js";

export const completionCommand: CommandModule = {
  command: "completion <shell>",
  builder: (yargs) =>
    yargs
      .positional("shell", { type: "string", choices: ["bash", "zsh"], describe: "The shell" })
      .example("echo 'eval \"$(tandemq completion bash)\"' >> ~/.bashrc", "for bash")
      .example("echo 'eval \"$(tandemq completion zsh)\"' >> ~/.zshrc", "for zsh, below compinit"),
  handler: (argv) => {
    process.stdout.write(argv["shell"] === "zsh" ? zshScript : bashScript);
  },
};
