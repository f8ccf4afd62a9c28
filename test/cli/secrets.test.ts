import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createClient } from "tandemq";
import { Site } from "../e2e/support/site.js";

test("no command shows what the configuration redacts, nor does a client that is told so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandemq-secrets-"));
  writeFileSync(
    join(folder, "tandemq.config.json"),
    JSON.stringify({ queues: { pay: "raw" }, redact: ["params.card"] }),
  );
  {
    await using site = new Site(folder);
    await using client = await createClient(undefined, { cwd: folder, env: site.env });
    await using shows = await createClient(undefined, { cwd: folder, env: site.env, redact: true });
    const { id } = await client.enqueue("pay.charge", { card: "4111-2222", sum: 5 }, { queue: "pay" });
    expect((await client.queue("pay").head())[0]?.params).toEqual({ card: "4111-2222", sum: 5 });
    expect((await shows.queue("pay").head())[0]?.params).toEqual({ card: "[redacted]", sum: 5 });
    const commands = [
      ["queues", "show", "pay", "--json"],
      ["jobs", "--queue", "pay", "--json"],
      ["jobs", id, "--json"],
      ["jobs", id],
    ];
    for (const { stdout, code } of await Promise.all(commands.map((command) => site.run(command)))) {
      expect(code).toBe(0);
      expect(stdout).toContain("[redacted]");
      expect(stdout).not.toContain("4111");
    }
  }
  rmSync(folder, { recursive: true });
});
