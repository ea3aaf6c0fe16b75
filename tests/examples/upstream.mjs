// The API behind the examples: the emulator, whose scenario can be changed between two requests.

import { createServer, request as forward } from "node:http";
import { once } from "node:events";

const EMULATOR = process.env.EMULATOR_URL ?? "http://127.0.0.1:8081";

/** The key that the proxies of the examples have to add. */
export const KEY = "sk-theta-emulated-examples";

/**
 * Starts a server that forwards requests with `KEY` to the emulator, as `upstream.scenario`. While
 * the scenario is `undefined`, the server closes every connection without a response. `responses`
 * lists what the emulator responded.
 */
export async function startUpstream() {
  const upstream = { scenario: "ok", keys: new Set(), responses: [] };
  const server = createServer((request, response) => {
    upstream.keys.add(request.headers["x-api-key"]);
    if (upstream.scenario === undefined) {
      request.socket.destroy();
      return;
    }
    const headers = {
      ...request.headers,
      host: new URL(EMULATOR).host,
      "x-api-key": `sk-theta-emulated-${upstream.scenario}`,
    };
    const { method, url } = request;
    const forwarded = forward(EMULATOR + url, { method, headers }, (answer) => {
      upstream.responses.push(`${upstream.scenario}: ${answer.statusCode}`);
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", (error) => {
      upstream.responses.push(`${upstream.scenario}: ${error}`);
      response.destroy();
    });
    request.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  upstream.url = `http://127.0.0.1:${server.address().port}`;
  upstream.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return upstream;
}
