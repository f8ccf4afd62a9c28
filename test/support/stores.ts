/** The private MongoDB of this test run; each test takes a database of its own. */
export function mongoUrl(database: string): string {
  const url = new URL(required("TANDEMQ_TEST_MONGO_URL"));
  url.pathname = `/${database}`;
  return url.href;
}

/** The private Redis of this test run; each test takes a key prefix of its own. */
export function redisUrl(): string {
  return required("TANDEMQ_TEST_REDIS_URL");
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests through jest, whose global set-up starts the stores`);
  return value;
}
