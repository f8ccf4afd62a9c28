import { describe, expect, test } from "@jest/globals";
import { redactText, redactUrl } from "@tandemq/core";

describe("an address without its secrets", () => {
  test.each([
    ["redis://127.0.0.1:6379", "redis://127.0.0.1:6379"],
    ["redis://:secret@host", "redis://:***@host"],
    ["redis://user:secret@host:1/0", "redis://user:***@host:1/0"],
    ["redis://secret@host", "redis://***@host"],
    ["mongodb://u:p@ss/w:ord@a:1,b:2/db?replicaSet=r", "mongodb://u:***@a:1,b:2/db?replicaSet=r"],
    ["mongodb+srv://u:secret@host/db", "mongodb+srv://u:***@host/db"],
    ["redis://host/0?password=secret&db=1", "redis://host/0?password=***&db=1"],
    ["mongodb://host/?tlsCertificateKeyFilePassword=secret", "mongodb://host/?tlsCertificateKeyFilePassword=***"],
    ["user:secret@host", "user:***@host"],
    ["plain text", "plain text"],
  ])("%s", (url, shown) => expect(redactUrl(url)).toBe(shown));
});

test("every address in a text", () => {
  const text = 'cannot reach redis://u:one@h, "mongodb://u:two@h/db" (tried twice)';
  expect(redactText(text)).toBe('cannot reach redis://u:***@h, "mongodb://u:***@h/db" (tried twice)');
});
