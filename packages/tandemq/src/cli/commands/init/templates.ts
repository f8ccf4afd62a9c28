import type { Choices } from "./choices.js";

/** Where the stores answer. */
export interface Addresses {
  readonly mongo: string;
  readonly redis: string;
}

/** The prefix keeps projects apart that share the stores of one machine. */
export function configFile(
  { esm, typescript, mode, suffix }: Choices,
  { mongo, redis }: Addresses,
  prefix: string,
): string {
  const stores = [
    ...(mode === "no-storage" ? [] : [`  mongo: "${mongo}",`]),
    ...(mode === "regular" ? [] : [`  redis: "${redis}",`]),
  ].join("\n");
  return `${esm ? "export default" : "module.exports ="} {
${stores}
  prefix: "${prefix}",
  tasks: "${typescript ? "dist/tasks" : "tasks"}/*.${suffix}",
  // regular: all in MongoDB; raw: waiting jobs in Redis, the rest in MongoDB; no-storage: Redis alone
  queues: { default: "${mode}" },
};
`;
}

export function taskFile({ esm, typescript }: Choices): string {
  const params = typescript ? "{ name }: { name: string }" : "{ name }";
  const body = `defineTask("hello.greet", async (${params}, job) => {
  job.log.info("greeting", { name });
  return { greeting: \`Hello, \${name}!\` };
});
`;
  if (esm || typescript) return `import { defineTask } from "tandemq";\n\nexport const greet = ${body}`;
  return `const { defineTask } = require("tandemq");\n\nexports.greet = ${body}`;
}

export function enqueueFile({ esm, typescript, mode, suffix }: Choices): string {
  const imports =
    esm || typescript
      ? `import { createClient } from "tandemq";\nimport { greet } from "./tasks/hello.${suffix}";\n`
      : `const { createClient } = require("tandemq");\nconst { greet } = require("./tasks/hello.${suffix}");\n`;
  // A no-storage queue keeps no results.
  const answer = mode === "no-storage" ? '"added", job.id' : 'await job.result({ timeout: "30s" })';
  const lines = [
    "const client = await createClient();",
    'const job = await client.enqueue(greet, { name: process.argv[2] ?? "world" });',
    `console.log(${answer});`,
    "await client.close();",
  ];
  if (esm) return `${imports}\n${lines.join("\n")}\n`;
  const type = typescript ? ": Promise<void>" : "";
  return `${imports}\nasync function main()${type} {\n  ${lines.join("\n  ")}\n}\n\nvoid main();\n`;
}

export const tsconfigFile: string = `{
  "compilerOptions": {
    "target": "es2022",
    "module": "nodenext",
    "types": ["node"],
    "strict": true,
    "skipLibCheck": true,
    "rootDir": "src",
    "outDir": "dist"
  },
  "include": ["src"]
}
`;
