import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/run.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const projects = fileURLToPath(new URL("projects", import.meta.url));

/** What `npm pack` says of one package. */
export interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** A folder in which the packed packages are installed as a user would, with the projects of this folder below it. */
export class Installation implements Disposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "tandemq-packaging-"));
  packed: readonly Packed[] = [];

  async install(): Promise<void> {
    const tarballs = join(this.folder, "tarballs");
    mkdirSync(tarballs);
    const npm = (...args: string[]) => run("npm", args, args[0] === "pack" ? root : this.folder);
    this.packed = JSON.parse(await npm("pack", "--workspaces", "--json", "--pack-destination", tarballs)) as Packed[];
    writeFileSync(join(this.folder, "package.json"), '{ "private": true }\n');
    const files = readdirSync(tarballs).map((name) => join(tarballs, name));
    await npm("install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...files);
    this.#linkNodeTypes();
    cpSync(projects, this.folder, { recursive: true });
  }

  /** Runs a Node program in one of the projects, to its end, and gives what it printed. */
  node(project: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return run(process.execPath, args, join(this.folder, project), { NODE_OPTIONS: "", ...env });
  }

  /** Runs a program of the repository's own development tools in a project. */
  tool(
    name: string,
    project: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    return this.node(project, [join(root, "node_modules", name), ...args], env);
  }

  /** Runs `act` while these packages are not installed. */
  async without<T>(packages: readonly string[], act: () => Promise<T>): Promise<T> {
    const path = (name: string) => join(this.folder, "node_modules", name);
    for (const name of packages) renameSync(path(name), path(`.away-${name}`));
    try {
      return await act();
    } finally {
      for (const name of packages) renameSync(path(`.away-${name}`), path(name));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Those of a TypeScript user, without asking a registry for them. */
  #linkNodeTypes(): void {
    mkdirSync(join(this.folder, "node_modules/@types"), { recursive: true });
    for (const name of ["@types/node", "undici-types"]) {
      symlinkSync(join(root, "node_modules", name), join(this.folder, "node_modules", name));
    }
  }
}
