// Serves texts, and folders as they are.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  "": "text/html",
};

/**
 * Serves `texts` by path, and the files of `folders` by the start of their path. In the place of a
 * folder, a function may find the file by the rest of the path.
 */
export async function serve(texts, folders) {
  const content = (path) => {
    if (path in texts) return texts[path];
    const start = Object.keys(folders).find((start) => path.startsWith(start));
    const folder = folders[start];
    if (typeof folder === "function") return folder(path.slice(start.length));
    return (
      start &&
      readFile(
        join(folder instanceof URL ? fileURLToPath(folder) : folder, path.slice(start.length)),
      )
    );
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    try {
      const found = await content(pathname);
      response.writeHead(found === undefined ? 404 : 200, {
        "content-type": TYPES[extname(pathname)] ?? "application/octet-stream",
      });
      response.end(found);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}
