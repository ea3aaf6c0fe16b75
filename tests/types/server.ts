// Uses of thetaone-web/server with frameworks and Vite, and mistakes that the compiler must refuse.

import { createProxy, toNodeHandler, vitePlugin } from "thetaone-web/server";
import type {
  NodeHandler,
  Proxy as ThetaOneProxy,
  ProxyEvent,
  ProxyOptions,
  SharedLimiter,
  VitePlugin,
} from "thetaone-web/server";

const limiter: SharedLimiter = {
  consume: async (id: string, points: number) => [id, points],
  points: 500,
};
const options: ProxyOptions = {
  apiKey: process.env.THETA_ONE_API_KEY,
  baseUrl: new URL("https://stt.thetaone-ai.com"),
  authorize: (request) => request.headers.has("cookie") || new Response(null, { status: 302 }),
  allowedOrigins: ["https://app.example.com"] as const,
  perUser: { id: async (request) => request.url, requestsPerMinute: 10 },
  limiter,
  limiterFailure: "open",
  onEvent: ({ endpoint, status, userId }: ProxyEvent) =>
    void [endpoint?.length, status.toFixed(), userId?.length],
};
const proxy: ThetaOneProxy = createProxy(options);
createProxy({
  apiKey: (request) => request.headers.get("x-tenant") ?? undefined,
  fetch: globalThis.fetch,
});

// Next.js, Deno and Bun, events, contexts.
export const POST: (request: Request, context: { params: Promise<unknown> }) => Promise<Response> =
  proxy;
const response: Response = await proxy({
  request: new Request("https://app.example.com"),
  params: {},
} as { request: Request });
void [response, await proxy({ req: { raw: new Request("https://app.example.com") } })];

const handler: NodeHandler = toNodeHandler(proxy);
toNodeHandler(async (request) => new Response(request.url));
const plugin: VitePlugin = vitePlugin({ apiKey: undefined, path: "/api" });
void [handler, plugin.name];

// @ts-expect-error a key is needed, even if it is undefined
createProxy({});
// @ts-expect-error there is no such option
createProxy({ apiKey: "sk-theta-x", target: "https://x" });
// @ts-expect-error not this
createProxy({ apiKey: "sk-theta-x", limiterFailure: "ajar" });
// @ts-expect-error both
createProxy({ apiKey: "sk-theta-x", perUser: { requestsPerMinute: 5 } });
// @ts-expect-error not the options
toNodeHandler({ apiKey: "sk-theta-x" });
