// Keeps the steps that a learner visited, and what they need, for when the network is away. Scope: /klas/.
// The network always comes first; the kept copy is for when it does not answer. It goes when somebody else comes in.

const KEPT = "schoolklimaat-klas-1";
const WAIT_MS = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const isStep = (url) => /^\/klas\/opdracht\/\d+\/stap\/\d+$/.test(url.pathname);
const isFile = (url) => /^\/(static|leren|grafieken|npm)\//.test(url.pathname);
const isChart = (url) => url.pathname.startsWith("/scholen/") && url.pathname.endsWith(".json");

async function fromNetwork(request, cache) {
  const response = await fetch(request);
  if (response.ok && !response.redirected) await cache.put(request, response.clone());
  return response;
}

async function answer(event, { wait }) {
  const cache = await caches.open(KEPT);
  const kept = () => cache.match(event.request, { ignoreVary: true });
  const fresh = fromNetwork(event.request, cache);
  event.waitUntil(fresh.catch(() => undefined));
  try {
    const late = new Promise((resolve) => setTimeout(resolve, wait, null));
    return (await Promise.race([fresh, late])) ?? (await kept()) ?? (await fresh);
  } catch (problem) {
    const found = await kept();
    if (found) return found;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (["/klas/aanmelden", "/klas/kaart/", "/klas/gast"].some((door) => url.pathname.startsWith(door))) {
    event.waitUntil(caches.delete(KEPT)); // the next one at this tablet sees nothing of the one before
    return;
  }
  if (isStep(url) || isFile(url) || isChart(url)) event.respondWith(answer(event, { wait: WAIT_MS }));
});

// A page says who is at it; what was kept for somebody else goes. It also names what it loaded before this worker ran.
self.addEventListener("message", (event) => {
  const { who, page, files } = event.data;
  event.waitUntil((async () => {
    let cache = await caches.open(KEPT);
    const mark = new Request("/klas/wie");
    const known = await (await cache.match(mark))?.text();
    if (known !== undefined && known !== who) {
      await caches.delete(KEPT);
      cache = await caches.open(KEPT);
    }
    await cache.put(mark, new Response(who));
    const wanted = [page, ...files].filter((name) => {
      const url = new URL(name);
      return isStep(url) || isFile(url) || isChart(url);
    });
    await Promise.all(wanted.map(async (name) => {
      if (!(await cache.match(name, { ignoreVary: true }))) await fromNetwork(new Request(name), cache).catch(() => undefined);
    }));
  })());
});
