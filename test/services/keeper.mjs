/** A program that starts services, prints their addresses as one line of JSON and then waits to be killed. */
const [, , module, options = "{}"] = process.argv;
const { startServices } = await import(module);
const { mongoUrl, redisUrl } = await startServices(JSON.parse(options));
console.log(JSON.stringify({ mongoUrl, redisUrl }));
setInterval(() => {}, 60_000);
