// One of several proxies that share a quota through Redis. Arguments: the module, the URL of the
// API, the socket of Redis, the `limiterFailure` option and the quota per minute.

import { Redis } from "ioredis";
import { once } from "node:events";
import { createServer } from "node:http";
import { RateLimiterRedis } from "rate-limiter-flexible";

import { contractOptions } from "./options.mjs";

const [, , module, baseUrl, path, limiterFailure, requestsPerMinute] = process.argv;
const { createProxy, toNodeHandler } = await import(module);
const storeClient = new Redis({
  path,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  retryStrategy: () => 50,
});
storeClient.on("error", () => {});
if (storeClient.status !== "ready") await once(storeClient, "ready");
const limiter = new RateLimiterRedis({
  storeClient,
  points: Number(requestsPerMinute),
  duration: 60,
});
const proxy = createProxy({
  ...contractOptions(baseUrl),
  requestsPerMinute: Number(requestsPerMinute),
  limiter,
  limiterFailure,
});
const server = createServer(toNodeHandler(proxy)).listen(0, "127.0.0.1");
await once(server, "listening");
process.send({ port: server.address().port });
