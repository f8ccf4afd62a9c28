import { describe, expect, test } from "@jest/globals";
import { modes, Site } from "../e2e/support/site.js";

describe("jobs why", () => {
  test.each(modes)("says why a job on a %s queue does not run", async (mode) => {
    await using site = new Site();
    await using client = await site.client();
    const { id } = await client.enqueue("e2e.echo", {}, { queue: mode, delay: "1h" });
    const { code, stdout } = await site.run(["jobs", "why", id]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^not due: it is not due before .*\nno worker: no worker serves queue .*\n$/);
    const json = await site.run(["jobs", "why", id, "--queue", mode, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ id, queue: mode, path: "e2e.echo", reasons: [{}, {}] });
  });

  test("a job that nobody knows", async () => {
    await using site = new Site();
    const { code, stderr } = await site.run(["jobs", "why", "0".repeat(24)]);
    expect(code).toBe(1);
    expect(stderr).toContain("no job 000000000000000000000000 is known");
  });
});
