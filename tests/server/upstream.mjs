// A fake API whose responses the tests decide.

import { once } from "node:events";
import { createServer } from "node:http";

/** The key of the proxy. It has characters that every encoding changes. */
export const KEY = "sk-theta-Zq7+Xw.9~Lm_04/hV2kR8b3=";

export const RESULT = {
  text: "Welcome to Theta One AI!",
  text_type: "en",
  metadata: {},
  response_time_in_sec: 0.4252,
};

const json = { "content-type": "application/json" };

/** Responds like the API, once the whole upload has arrived. */
export async function succeed(request, response) {
  for await (const _ of request);
  response.writeHead(200, json).end(JSON.stringify(RESULT));
}

/**
 * Starts an API at `url`. Calls `answer(request, response)`, which tests can replace, for each
 * request. `requests` lists the requests as `{ method, url, rawHeaders, headers, closed }`, where
 * `closed` resolves when the response's connection closes.
 */
export async function startUpstream() {
  const upstream = { requests: [], answer: succeed };
  const server = createServer((request, response) => {
    const { method, url, headers, rawHeaders } = request;
    upstream.requests.push({ method, url, headers, rawHeaders, closed: once(response, "close") });
    void upstream.answer(request, response)?.catch?.(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  upstream.url = `http://127.0.0.1:${server.address().port}`;
  upstream.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return upstream;
}
