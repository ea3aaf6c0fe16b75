// Vite's own servers have no API, so they forward requests to that of `cargo xtask demo`.
const target = process.env.DEMO_URL ?? "http://localhost:8080";

/** Replaces the origin of Vite's page with that of the demo server, which accepts no other. */
function translateOrigin(proxy) {
  proxy.on("proxyReq", (onward, { headers }) => {
    const isOwn = headers.origin === `http://${headers.host}`;
    if (isOwn) onward.setHeader("origin", new URL(target).origin);
  });
}

const route = { target, changeOrigin: true, configure: translateOrigin };
const proxy = { "/api": route };

export default {
  // The self-test decodes recordings of `tests/fixtures`.
  server: { proxy, fs: { allow: [".."] } },
  preview: { proxy },
  build: { rolldownOptions: { input: ["index.html", "self-test.html"] } },
};
