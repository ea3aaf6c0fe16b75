/**
 * `thetaone-web/server`: a proxy that keeps the API key on your server. Runs wherever `Request` and
 * `Response` exist: Node 20 and newer, Deno, Bun, Cloudflare Workers, and frameworks on top of
 * them. Needs no wasm.
 *
 * The proxy forwards only `POST` requests to the four endpoints. To the API, it sends the key, the
 * `Content-Type` and the body. To the page, it returns the status, `Content-Type`, `Retry-After`
 * and the body, with `Cache-Control: no-store` and `X-Content-Type-Options: nosniff`. Both bodies
 * are streamed. Redirects are not followed. The proxy's own errors have the API's shape,
 * `{"detail": "…"}`.
 */

import type { EndpointPath } from "./index.js";

/** The outcome of a request. Contains no key, no audio and no text. */
export interface ProxyEvent {
  /** The endpoint. Absent if the path names none. */
  readonly endpoint?: EndpointPath;
  /**
   * The status of the response. 499 if the caller disconnected, 502 if the API's response broke
   * off.
   */
  readonly status: number;
  /** Time from the request to the last byte of the response, in milliseconds. */
  readonly durationMs: number;
  /** The size of the upload that arrived, in bytes. */
  readonly bytes: number;
  /** The ID that `perUser.id` returned, if any. */
  readonly userId?: string;
}

/** A rate limiter that several instances share, such as one of `rate-limiter-flexible`. */
export interface SharedLimiter {
  /**
   * Takes `points` from the quota of `id`, which is a hash of the key.
   *
   * If the quota is used up, it must reject with an object that has `msBeforeNext`, in
   * milliseconds. If the object also has `consumedPoints`, callers are spread over the time after
   * that. Any other rejection is a failure, and so is no result within 5 s.
   */
  consume(id: string, points: number): Promise<unknown>;
  /** The quota in requests per minute, used if the option `requestsPerMinute` is not set. */
  readonly points?: number;
}

/** The options of the proxy. */
export interface ProxyOptions {
  /**
   * The API key, or a function that returns the key for a request, for example one per tenant. If
   * the function returns no key, the response is a 401.
   *
   * A missing key is an error when a server starts, but not during `vite build` or `next build`.
   */
  apiKey:
    | string
    | undefined
    | ((request: Request) => string | undefined | Promise<string | undefined>);
  /**
   * The base URL of the API. Default `https://stt.thetaone-ai.com`. `http:` is allowed only for
   * this machine.
   */
  baseUrl?: string | URL | undefined;
  /**
   * Returns whether the caller may use your key. `false` causes a 401; a `Response` is sent as it
   * is, and must be a new one for each request. The function must not read the body.
   *
   * Without `authorize`, a request must prove that it comes from a page of this site, with
   * `Sec-Fetch-Site: same-origin` or with an `Origin` that equals the host. With `authorize`,
   * programs that send neither header may pass too. Pages of other sites pass only if
   * `allowedOrigins` lists them.
   */
  authorize?: ((request: Request) => boolean | Response | Promise<boolean | Response>) | undefined;
  /** Other origins whose pages may call, such as `https://app.example.com`. Default: none. */
  allowedOrigins?: readonly string[] | undefined;
  /**
   * The hosts that requests may name, such as `app.example.com`. A request for any other host gets
   * a 403, as a protection against DNS rebinding. Set it if TLS ends before the proxy.
   *
   * Default: `localhost`, the local address of the connection, and any host over `https:`. If the
   * proxy sees only a `Request`, the host of its URL replaces the address; a name with a dot over
   * `http:` then needs `authorize`. `X-Forwarded-Host` is never read.
   */
  allowedHosts?: readonly string[] | undefined;
  /** Maximum size of an upload, in bytes. A larger one gets a 413. Default 25,000,000. */
  maxBytes?: number | undefined;
  /**
   * The quota of the key, in requests per minute. A request above the quota gets a 429 with its own
   * `Retry-After`, so that all pages together return at the rate of the quota. No default.
   */
  requestsPerMinute?: number | undefined;
  /** A shared counter for the quota, for several instances with one key. */
  limiter?: SharedLimiter | undefined;
  /**
   * The behavior if `limiter` fails: `"open"` forwards requests, `"closed"` (default) responds with
   * 503.
   */
  limiterFailure?: "open" | "closed" | undefined;
  /**
   * The quota of each user, in requests per minute. Each instance counts for itself. `id` returns
   * the ID of the user who calls.
   */
  perUser?:
    | { id: (request: Request) => string | Promise<string>; requestsPerMinute: number }
    | undefined;
  /**
   * Maximum time without data from the API, in milliseconds. The response is then a 504. Every
   * chunk of either body restarts the time. An upload that stalls for this time gets a 408. Default
   * 65,000.
   */
  timeoutMs?: number | undefined;
  /** Called once after each request. Errors that it throws are ignored. */
  onEvent?: ((event: ProxyEvent) => void) | undefined;
  /** A function that replaces the global `fetch` for requests to the API. For tests. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** The argument of a framework's handler: a `Request`, or an event or context with a `Request`. */
export type ProxyInput =
  | Request
  | { readonly request: Request }
  | { readonly req: { readonly raw: Request } };

/** A handler for frameworks that are based on `Request` and `Response`. */
export type Proxy = (input: ProxyInput) => Promise<Response>;

/**
 * Creates a proxy.
 *
 * @throws {ConfigurationError} for an unknown or invalid option, such as a missing key
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
 * Wraps a proxy as a handler for `node:http` and frameworks based on it. Install the handler before
 * any middleware that reads bodies.
 */
export function toNodeHandler(proxy: (request: Request) => Promise<Response>): NodeHandler;

/** The options of the Vite plugin. */
export interface VitePluginOptions extends ProxyOptions {
  /** The path of the proxy. Default `/api/theta`. */
  path?: string | undefined;
}

/** The part of Vite's servers that the plugin uses. */
export interface ViteServer {
  middlewares: {
    use(path: string, handler: (request: any, response: any) => void): unknown;
    stack: unknown[];
  };
}

/** A plugin for Vite's `plugins`. */
export interface VitePlugin {
  name: string;
  configureServer(server: ViteServer): void;
  configurePreviewServer(server: ViteServer): void;
}

/**
 * Creates a plugin that adds the proxy to `vite` and `vite preview` (Vite 5 to 8).
 *
 * @throws {ConfigurationError} for an unknown or invalid option. A missing key is an error only
 * when a server starts.
 */
export function vitePlugin(options: VitePluginOptions): VitePlugin;
