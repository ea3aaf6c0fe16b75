// Tests three proxies, in processes of their own, that share a quota through a real Redis.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, test } from "node:test";
import { text } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";

import { send } from "../server/client.mjs";
import { findRedis, socketFolder, startRedis } from "../server/redis.mjs";
import { startUpstream } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const QUOTA = 30;

const found = findRedis();
const installed = install();
const socket = socketFolder();
after(installed.remove);
after(socket.remove);

async function startProxy(t, baseUrl, limiterFailure) {
  const module = pathToFileURL(join(installed.folder, "server.js")).href;
  const script = fileURLToPath(new URL("../server/sharing.mjs", import.meta.url));
  const child = fork(script, [module, baseUrl, socket.path, limiterFailure, QUOTA], {
    stdio: ["ignore", "inherit", "pipe", "ipc"],
  });
  const log = text(child.stderr);
  t.after(() => child.kill());
  const [{ port }] = await once(child, "message");
  const call = () => send(`http://127.0.0.1:${port}`, "/api/theta/transcribe");
  const stop = async () => {
    child.kill();
    return log;
  };
  return { call, stop };
}

test("three proxies keep one quota, and say so when Redis goes away", {
  skip: found.obstacle ?? false,
}, async (t) => {
  const upstream = await startUpstream();
  t.after(upstream.close);
  let redis = await startRedis(found, socket.path);
  t.after(() => redis.stop());
  const proxies = await Promise.all(
    ["closed", "closed", "open"].map((failure) => startProxy(t, upstream.url, failure)),
  );

  const responses = await Promise.all(
    Array.from({ length: 2 * QUOTA }, (_, call) => proxies[call % 3].call()),
  );
  const refused = responses.filter(({ status }) => status === 429);
  assert.equal(responses.filter(({ status }) => status === 200).length, QUOTA);
  assert.equal(refused.length, QUOTA);
  assert.equal(upstream.requests.length, QUOTA);
  const seconds = refused
    .map(({ headers }) => Number(headers["retry-after"]))
    .sort((one, other) => one - other);
  // The times are 2.01 s apart, even if different proxies refused.
  assert.ok(new Set(seconds).size === QUOTA, seconds.join());
  assert.ok(seconds.at(-1) <= 60 + 2.01 * QUOTA + 1, seconds.join());

  await redis.stop();
  const statuses = (await Promise.all(proxies.map(({ call }) => call()))).map(
    ({ status }) => status,
  );
  assert.deepEqual(statuses, [503, 503, 200]);

  redis = await startRedis(found, socket.path);
  // Repeats until the connections are restored. A Redis without stored data has a fresh quota.
  let again;
  do again = await proxies[0].call();
  while (again.status === 503);
  assert.equal(again.status, 200);
  for (const { stop } of proxies) assert.match(await stop(), /the limiter failed/);
});
