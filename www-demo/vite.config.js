import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

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

// The service worker reads from the manifest which files to store.
const build = {
  manifest: "manifest.json",
  rolldownOptions: { input: ["index.html", "self-test.html"] },
};

/** Compresses the files, which the server sends compressed to browsers that accept it. */
const compress = {
  name: "compress",
  writeBundle({ dir }) {
    for (const name of readdirSync(dir, { recursive: true })) {
      if (!/\.(css|html|js|json|svg)$/.test(name)) continue;
      const bytes = readFileSync(join(dir, name));
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(bytes));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(bytes));
    }
  },
};

export default {
  build,
  plugins: [compress],
  // The self-test decodes recordings of `tests/fixtures`.
  server: { proxy, fs: { allow: [".."] } },
  preview: { proxy },
};
