import express, { type Express } from "express";
import { type Client, InvalidParamsError } from "tandemq";
import { makeThumbnail } from "./tasks/thumbnails.js";

/** The service: it adds jobs and tells how they went; workers elsewhere run them. */
export function createService(client: Client): Express {
  const service = express();
  service.use(express.json());

  service.post("/thumbnails", async (request, response) => {
    const { file, width } = request.body as { file?: unknown; width?: unknown };
    if (typeof file !== "string" || typeof width !== "number") throw new InvalidParamsError("expected file and width");
    const job = await client.enqueue(makeThumbnail, { file, width }, { key: `${width}/${file}` });
    response.status(202).location(`/thumbnails/${job.id}`).json({ id: job.id });
  });

  service.get("/thumbnails/:id", async (request, response) => {
    const job = await client.job(request.params.id, "thumbnails");
    if (job) response.json({ status: job.status, result: job.result });
    else response.sendStatus(404);
  });

  service.use(((error, _request, response, _next) => {
    response.status(error instanceof InvalidParamsError ? 400 : 503).json({ error: String(error) });
  }) satisfies express.ErrorRequestHandler);

  return service;
}
