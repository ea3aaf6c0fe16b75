// The proxy in Deno and Bun; the argument is its options, as JSON.

import { createProxy } from "thetaone-web/server";

const proxy = createProxy(JSON.parse(process.argv[2]));
const hostname = "localhost";
if (globalThis.Deno) {
  Deno.serve(
    { hostname, port: 0, onListen: ({ port }) => console.log(`http://${hostname}:${port}`) },
    proxy,
  );
} else {
  const { port } = Bun.serve({ hostname, port: 0, fetch: proxy });
  console.log(`http://${hostname}:${port}`);
}
