// thetaone-web/server on node:http: the contract.

import { once } from "node:events";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { after, test } from "node:test";
import { join } from "node:path";

import { contract } from "../server/contract.mjs";
import { contractOptions } from "../server/options.mjs";
import { startUpstream } from "../server/upstream.mjs";
import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);
const { createProxy, toNodeHandler } = await import(pathToFileURL(join(installed.folder, "server.js")));

test("node:http", async (t) => {
  const upstream = await startUpstream();
  t.after(upstream.close);
  const server = createServer(toNodeHandler(createProxy(contractOptions(upstream.url))));
  server.listen(0, "localhost");
  await once(server, "listening");
  t.after(() => server.closeAllConnections() ?? server.close());
  await contract(t, { url: `http://localhost:${server.address().port}`, upstream });
});
