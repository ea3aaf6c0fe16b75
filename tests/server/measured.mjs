// The proxy in a process of its own, which reports its memory use. Arguments: the module, and the
// URL of the API.

import { once } from "node:events";
import { createServer } from "node:http";

import { contractOptions } from "./options.mjs";

const { createProxy, toNodeHandler } = await import(process.argv[2]);
const server = createServer(
  toNodeHandler(
    createProxy({ ...contractOptions(process.argv[3]), maxBytes: 25_000_000, timeoutMs: 300_000 }),
  ),
);
server.listen(0, "127.0.0.1", 4096);
await once(server, "listening");
process.send({ port: server.address().port });
process.on("message", () => process.send({ bytes: process.memoryUsage.rss() }));
