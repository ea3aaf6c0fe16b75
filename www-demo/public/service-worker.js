// Keeps a copy of the page, so that it opens offline. Takes wait in the outbox of the package.

const CACHE = "page";
const PAGES = ["/", "/icon.svg", "/castle.wav"];

/** Stores every file of the build, those too that are loaded on demand. */
async function store() {
  const manifest = await (await fetch("/manifest.json", { cache: "no-cache" })).json();
  const files = Object.values(manifest).flatMap(({ file, css = [] }) => [file, ...css]);
  const cache = await caches.open(CACHE);
  await cache.addAll([...PAGES, ...new Set(files.map((file) => `/${file}`))]);
}

/** Responds from the network. Without it, or with a file whose name is a hash, from the cache. */
async function respond(request) {
  const cache = await caches.open(CACHE);
  const isHashed = new URL(request.url).pathname.startsWith("/assets/");
  const stored = await cache.match(request, { ignoreSearch: true });
  if (isHashed && stored) return stored;
  return fetch(request).catch((error) => stored ?? Promise.reject(error));
}

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin || pathname.startsWith("/api/")) return;
  event.respondWith(respond(event.request));
});
