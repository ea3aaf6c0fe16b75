/**
 * `thetaone-web/server`: a proxy that keeps the API key on your server. It runs wherever `Request`
 * and `Response` do: Node 20 and newer, Deno, Bun, Cloudflare Workers, and frameworks on top of
 * them. It needs no wasm.
 *
 * Only `POST` to the four endpoints passes. Up go the `Content-Type` and the body, with the key.
 * Down come the status, `Content-Type`, `Retry-After` and the body, with `Cache-Control: no-store`
 * and `X-Content-Type-Options: nosniff`. Both bodies are streamed. Redirects are not followed.
 * Every refusal of the proxy's own has the API's shape, `{"detail": "…"}`.
 */

import type { EndpointPath } from "./index.js";

/** How a call ended. It holds no key, no audio and no text. */
export interface ProxyEvent {
  /** Absent if the path named no endpoint. */
  readonly endpoint?: EndpointPath;
  /**
   * The status that the caller got; 499 if the caller went away, 502 if the API's answer broke off.
   */
  readonly status: number;
  /** From the request to the last byte of the response, in milliseconds. */
  readonly durationMs: number;
  /** How many bytes of the upload arrived. */
  readonly bytes: number;
  /** The ID that `perUser.id` returned. */
  readonly userId?: string;
}

/** A limiter that several instances share, as `rate-limiter-flexible` makes them. */
export interface SharedLimiter {
  /**
   * Takes `points` from the quota of `id`. Rejects with an object that has `msBeforeNext`, in
   * milliseconds, when it is used up; with `consumedPoints`, callers are spread over the time after
   * that. Any other rejection, and none within 5 s, is a failure. `id` is a hash of the key.
   */
  consume(id: string, points: number): Promise<unknown>;
  /** The quota, if `requestsPerMinute` is not given. */
  readonly points?: number;
}

export interface ProxyOptions {
  /**
   * The API key, or a function that returns the key for a request: one for each tenant, say. A
   * function that returns no key is answered with 401.
   *
   * A missing key is an error where a server starts, not where one is built: by `vite build` or
   * `next build`.
   */
  apiKey:
    | string
    | undefined
    | ((request: Request) => string | undefined | Promise<string | undefined>);
  /** Where the API is. Default `https://stt.thetaone-ai.com`. `http:` is for this machine only. */
  baseUrl?: string | URL | undefined;
  /**
   * Whether the caller may use your key: `false` is answered with 401, a `Response` as it is. It
   * must not read the body.
   *
   * Without it, only requests that prove to come from a page of this site pass: `Sec-Fetch-Site:
   * same-origin`, or an `Origin` that is the host. With it, programs that send neither header may
   * pass too; pages of other sites still may not.
   */
  authorize?: ((request: Request) => boolean | Response | Promise<boolean | Response>) | undefined;
  /** Other origins whose pages may call, like `https://app.example.com`. Default none. */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * The hosts that requests may name, like `app.example.com`: any other is answered with 403, so
   * that DNS rebinding gets nowhere.
   *
   * Default: `localhost`, the address that the connection came in on, and any host over `https:`.
   * Where only a `Request` is known, its URL's host instead of the address; but a name with a dot
   * over `http:` only with `authorize`. Name yours if TLS ends before the proxy. `X-Forwarded-Host`
   * is never read.
   */
  allowedHosts?: readonly string[] | undefined;
  /** The largest upload in bytes, answered with 413 beyond. Default 25,000,000. */
  maxBytes?: number | undefined;
  /**
   * The quota of the key. Requests above it are answered with 429, each with a `Retry-After` of its
   * own, so that the pages behind one key come back at just the rate of the quota. Default none.
   */
  requestsPerMinute?: number | undefined;
  /** Counts instead of this process, where several share a key. */
  limiter?: SharedLimiter | undefined;
  /**
   * The effect of a failure of `limiter`: let calls pass, or answer them with 503. Default `"closed"`.
   */
  limiterFailure?: "open" | "closed" | undefined;
  /** Requests per minute of each user; counted in this process. `id` must return who calls. */
  perUser?:
    | { id: (request: Request) => string | Promise<string>; requestsPerMinute: number }
    | undefined;
  /**
   * How long the API may be silent, in milliseconds, before a 504; it counts anew with every chunk
   * of either body. Default 65,000. An upload that stands still for as long is answered with 408.
   */
  timeoutMs?: number | undefined;
  /** Called once for each request, after its end. What it throws is ignored. */
  onEvent?: ((event: ProxyEvent) => void) | undefined;
  /** Sends requests to the API instead of the global `fetch`. For tests. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** The argument of a framework's handler: a `Request`, or an event or context that holds one. */
export type ProxyInput =
  | Request
  | { readonly request: Request }
  | { readonly req: { readonly raw: Request } };

export type Proxy = (input: ProxyInput) => Promise<Response>;

/**
 * Creates the proxy.
 *
 * @throws {ConfigurationError} for an option that is unknown or not what it must be, such as a
 * missing key
 */
export function createProxy(options: ProxyOptions): Proxy;

/** The part of an `http.IncomingMessage` (or `http2.Http2ServerRequest`) that the handler reads. */
export interface NodeRequest {
  readonly rawHeaders: string[];
  url?: string | undefined;
  method?: string | undefined;
}

/** The part of an `http.ServerResponse` (or `http2.Http2ServerResponse`) that the handler uses. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string | string[]): unknown;
  write(chunk: Uint8Array): boolean;
  end(text?: string): unknown;
}

/** A handler for `node:http`, Express, Connect and Fastify's `request.raw` and `reply.raw`. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Wraps a proxy for `node:http` and what is built on it. Put it before anything that reads bodies.
 */
export function toNodeHandler(proxy: (request: Request) => Promise<Response>): NodeHandler;

export interface VitePluginOptions extends ProxyOptions {
  /** Below which path the endpoints are. Default `/api/theta`. */
  path?: string | undefined;
}

/** The part of Vite's servers that the plugin uses. */
export interface ViteServer {
  middlewares: {
    use(path: string, handler: (request: any, response: any) => void): unknown;
    stack: unknown[];
  };
}

export interface VitePlugin {
  name: string;
  configureServer(server: ViteServer): void;
  configurePreviewServer(server: ViteServer): void;
}

/**
 * Puts the proxy into Vite's servers, `vite` and `vite preview` (Vite 5 to 8).
 *
 * @throws {ConfigurationError} as `createProxy`; for a missing key when a server starts
 */
export function vitePlugin(options: VitePluginOptions): VitePlugin;
