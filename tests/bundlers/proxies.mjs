// thetaone-web/server, held against its contract wherever it runs.

import { serve as serveHono } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { once } from "node:events";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createProxy, toNodeHandler, vitePlugin } from "thetaone-web/server";

import { contract } from "../server/contract.mjs";
import { contractOptions } from "../server/options.mjs";
import { startUpstream } from "../server/upstream.mjs";
import { emptied, version } from "./build-apps.mjs";
import { listening } from "./free-port.mjs";
import { RUNTIMES } from "./runtimes.mjs";
import * as next from "./next.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

/** Where a server of Node's listens. */
async function addressOf(server) {
  if (!server.listening) await once(server, "listening");
  return `http://localhost:${server.address().port}`;
}

const closing = (server) => () => {
  server.closeAllConnections();
  server.close();
};

/** How each server starts with the options of the proxy: its address, and its end. */
const SERVERS = [
  {
    name: "Express",
    tool: "express",
    async start(options) {
      const app = express();
      // Body parsers in front, as most apps have.
      app.use(express.json(), express.urlencoded({ extended: true }));
      app.use("/api/theta", toNodeHandler(createProxy(options)));
      const server = app.listen(0, "localhost");
      return { url: await addressOf(server), close: closing(server) };
    },
  },
  {
    name: "Fastify",
    tool: "fastify",
    routes: true,
    async start(options) {
      const app = fastify();
      const handler = toNodeHandler(createProxy(options));
      app.removeAllContentTypeParsers();
      app.addContentTypeParser("*", (_request, _payload, done) => done(null));
      app.all("/api/theta/*", (request, reply) => {
        reply.hijack();
        return handler(request.raw, reply.raw);
      });
      await app.listen({ port: 0, host: "localhost" });
      return { url: await addressOf(app.server), close: closing(app.server) };
    },
  },
  {
    name: "Hono",
    tool: "hono",
    routes: true,
    async start(options) {
      const app = new Hono();
      app.all("/api/theta/*", createProxy(options));
      const server = serveHono({ fetch: app.fetch, port: 0, hostname: "localhost" });
      return { url: await addressOf(server), close: closing(server) };
    },
  },
  ...["vite", "vite5"].flatMap((tool) => [
    {
      name: "Vite",
      tool,
      routes: true,
      async start(options) {
        const { createServer } = await import(tool);
        const server = await createServer({
          root: await emptied(`proxy ${tool}`),
          configFile: false,
          logLevel: "error",
          plugins: [vitePlugin(options)],
          server: { port: 0, host: "localhost", hmr: false },
        });
        await server.listen();
        return { url: await addressOf(server.httpServer), close: () => server.close() };
      },
    },
    {
      name: "Vite preview",
      tool,
      routes: true,
      async start(options) {
        const root = await emptied(`proxy preview ${tool}`);
        await mkdir(join(root, "dist"), { recursive: true });
        const { preview } = await import(tool);
        const server = await preview({
          root,
          configFile: false,
          logLevel: "error",
          plugins: [vitePlugin(options)],
          preview: { port: 0, host: "localhost" },
        });
        return { url: await addressOf(server.httpServer), close: closing(server.httpServer) };
      },
    },
  ]),
  {
    name: "Next.js",
    tool: "next",
    routes: true,
    path: "/contract",
    start: (options) => next.start({ PROXY_OPTIONS: JSON.stringify(options) }),
  },
  ...RUNTIMES.filter(({ name }) => name !== "Node").map(({ name, program, args }) => ({
    name,
    tool: name.toLowerCase(),
    routes: true,
    start: (options) =>
      listening(
        program,
        [...args, path("proxies/serve.mjs"), JSON.stringify(options)],
        { cwd: path("."), env: { ...process.env, NO_COLOR: "1" } },
        (line) => /http:\/\/localhost:\d+/.exec(line)?.[0],
      ),
  })),
  {
    name: "workerd",
    tool: "workerd",
    routes: true,
    async start(options) {
      const folder = await emptied("proxy workerd");
      const { build } = await import("esbuild");
      await build({
        entryPoints: [path("proxies/edge.mjs")],
        outfile: join(folder, "edge.js"),
        bundle: true,
        format: "esm",
        logLevel: "error",
      });
      await cp(path("proxies/workerd.capnp"), join(folder, "workerd.capnp"));
      const { default: workerd } = await import("workerd");
      const env = { ...process.env, PROXY_OPTIONS: JSON.stringify(options) };
      return listening(
        workerd.default ?? workerd,
        ["serve", "--control-fd=1", "workerd.capnp"],
        { cwd: folder, env },
        (line) => {
          const { event, port } = JSON.parse(line);
          return event === "listen" && `http://127.0.0.1:${port}`;
        },
      );
    },
  },
];

export function proxies() {
  for (const { name, tool, start, ...differences } of SERVERS) {
    test(`the proxy in ${name} (${tool})`, async (t) => {
      t.diagnostic(`${name} ${await version(tool)}`);
      const upstream = await startUpstream();
      t.after(upstream.close);
      const running = await start(contractOptions(upstream.url));
      t.after(running.close);
      await contract(t, { url: running.url, upstream, ...differences });
    });
  }
}
