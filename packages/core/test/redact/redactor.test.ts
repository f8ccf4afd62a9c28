import { describe, expect, test } from "@jest/globals";
import { type Job, Redactor } from "@tandemq/core";

const owner = { path: "mail.send", queue: "mail" };
const job: Job = {
  ...{
    v: 1,
    id: "0".repeat(24),
    ...owner,
    priority: 0,
    status: "failed",
    generation: 1,
    attempt: 1,
    deliveries: 1,
    lost: 0,
  },
  ...{
    settings: {},
    queuedAt: new Date(),
    params: { card: { number: "4111-1111", owner: "Ada" }, list: [{ pin: 1234 }] },
  },
  result: { token: "t0ken" },
  error: {
    name: "Error",
    message: "4111-1111 refused",
    stack: "Error: 4111-1111",
    cause: { name: "E", message: "pin 1234" },
  },
  history: [
    { attempt: 1, status: "retry", finishedAt: new Date(), error: { name: "Error", message: "4111-1111 refused" } },
  ],
};

describe("a redactor", () => {
  test("leaves out what paths name, and whatever repeats it in messages", () => {
    const shown = new Redactor(["params.card.number", "params.list.*.pin", "result.token"]).job(job);
    expect(shown.params).toEqual({ card: { number: "[redacted]", owner: "Ada" }, list: [{ pin: "[redacted]" }] });
    expect(shown.result).toEqual({ token: "[redacted]" });
    const message = "[redacted] refused";
    const cause = { name: "E", message: "pin [redacted]" };
    expect(shown.error).toEqual({ name: "Error", message, stack: "Error: [redacted]", cause });
    expect(shown.history[0]?.error?.message).toBe(message);
    expect(job.params).toMatchObject({ card: { number: "4111-1111" } });
  });

  test.each([
    ["*.**.pin", { card: job.params["card"], list: [{ pin: "[redacted]" }] }],
    ["params.card", { card: "[redacted]", list: [{ pin: 1234 }] }],
    ["params.*", { card: "[redacted]", list: "[redacted]" }],
    ["params.nothing.there", job.params],
    ["result.card", job.params],
  ])("%s", (path, params) => {
    expect(new Redactor([path]).job(job).params).toEqual(params);
  });

  test("asks functions, which see the part, the task and the queue; one that throws shows nothing", () => {
    const seen: unknown[] = [];
    const note = (value: unknown, place: object) => {
      seen.push(place);
      return value;
    };
    new Redactor([note]).job(job);
    expect(seen).toContainEqual({ part: "params", ...owner });
    const thrower = () => {
      throw new Error("no");
    };
    expect(new Redactor([thrower]).job(job)).toMatchObject({
      params: "[redacted]",
      error: { name: "Error", message: "[redacted]" },
    });
  });

  test("progress and results: the params' values wherever they stand", () => {
    const redactor = new Redactor(["params.card.number", "params.list.*.pin"]);
    const params = JSON.stringify(job.params);
    expect(redactor.progress({ at: "4111-1111", pin: [1234, 12345] }, owner, params)).toEqual({
      at: "[redacted]",
      pin: ["[redacted]", 12345],
    });
    expect(redactor.job({ ...job, result: "for 4111-1111" }).result).toBe("for [redacted]");
  });

  test("log lines: their data by path, their text by the params' values", () => {
    const redactor = new Redactor(["params.card.number", "log.user.name"]);
    const line = { message: "card 4111-1111", data: { user: { name: "Ada", id: 1 }, text: ["no. 4111-1111", 5] } };
    expect(redactor.line(line, owner, JSON.stringify(job.params))).toEqual({
      message: "card [redacted]",
      data: { user: { name: "[redacted]", id: 1 }, text: ["no. [redacted]", 5] },
    });
    expect(redactor.line({ message: "x" }, owner, "no JSON")).toEqual({ message: "x" });
  });

  test("short values are not looked for in texts: they would be found everywhere", () => {
    const short = { ...job, params: { pin: "1" } };
    expect(new Redactor(["params.pin"]).job(short).error?.message).toBe("4111-1111 refused");
  });
});
