// Keeps a copy of the page, so that it opens offline. Takes wait in the outbox of the package.

const open = () => caches.open("page");

/** Stores every file of the build, those too that are loaded on demand. */
async function store() {
  const manifest = await (await fetch("/manifest.json", { cache: "no-cache" })).json();
  const files = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);
  const paths = ["", "icon.svg", "pictures.svg", "castle.wav", ...new Set(files)];
  await (await open()).addAll(paths.map((path) => `/${path}`));
}

/** Responds from the network first, but to files whose name is a hash from the cache. */
async function respond(request) {
  const stored = await (await open()).match(request, { ignoreSearch: true });
  if (stored && request.url.includes("/assets/")) return stored;
  return fetch(request).catch((error) => stored ?? Promise.reject(error));
}

addEventListener("install", (event) => event.waitUntil(store()));
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isFile = event.request.method === "GET" && !pathname.startsWith("/api/");
  if (isFile && origin === location.origin) event.respondWith(respond(event.request));
});
