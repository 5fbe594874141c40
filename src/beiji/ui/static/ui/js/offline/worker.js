// Answers from what this device has taken along when the network does not. It keeps nothing by itself and throws no queue
// away: pages come into its caches by taking.js, entries stand in the browser's database, which it never opens.
const PAGES = "beiji-along."; // + person . what was taken
const WHO = "beiji-who"; // whose pages may be shown: set by pages that the network brought, cleared when somebody signs out
const PATIENCE_MS = 5000; // a hospital's network often takes a request and never answers
const PAUSE_MS = 8000; // so long after a failure nobody waits for the network again
const GONE = [403, 404, 410];
const PARTS = ["script", "style", "image", "font"];
let awayUntil = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request, url));
  else if (request.mode === "navigate") event.respondWith(formSent(request, url));
  else if (request.method === "GET" && PARTS.includes(request.destination)) event.respondWith(part(request));
});

async function page(request, url) {
  const kept = await found(url);
  if (!kept) return fetch(request);
  if (Date.now() < awayUntil) return marked(kept.response);
  try {
    const answer = await inTime(fetch(request));
    if (GONE.includes(answer.status)) await caches.delete(kept.cache); // no longer his to see: nothing of it stays here
    return answer.status >= 502 ? marked(kept.response) : answer;
  } catch {
    awayUntil = Date.now() + PAUSE_MS;
    return marked(kept.response);
  }
}

async function part(request) {
  if (Date.now() < awayUntil) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
  }
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

// Whoever signs out leaves no page on this device; whoever signs in is shown nobody else's.
async function formSent(request, url) {
  const answer = await fetch(request);
  if (url.pathname === "/sign-out/") {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(PAGES)).map((name) => caches.delete(name)));
  }
  if (["/sign-out/", "/sign-in/"].some((start) => url.pathname.startsWith(start))) await caches.delete(WHO);
  return answer;
}

async function found(url) {
  const who = await caches.match("/who", { cacheName: WHO });
  if (!who) return null;
  const mine = `${PAGES}${await who.text()}.`;
  const part = url.searchParams.get("part");
  const address = part ? `${url.pathname}?${new URLSearchParams({ part })}` : url.pathname;
  for (const cache of await caches.keys()) {
    if (!cache.startsWith(mine)) continue;
    const response = await caches.match(address, { cacheName: cache, ignoreVary: true });
    if (response) return { cache, response };
  }
  return null;
}

// The page says of itself that the network did not bring it.
async function marked(response) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  return new Response((await response.text()).replace("<html", "<html data-taken"), { headers });
}

function inTime(answer) {
  return Promise.race([answer, new Promise((_, late) => { setTimeout(() => late(new Error("late")), PATIENCE_MS); })]);
}
