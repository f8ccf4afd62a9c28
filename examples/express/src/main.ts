import { createClient } from "tandemq";
import { createService } from "./service.js";

const client = await createClient();
const server = createService(client).listen(Number(process.env["PORT"] ?? 3000));

// Requests under way end first, then the client sends what is still to be sent.
process.once("SIGTERM", () => server.close(() => void client.close()));
