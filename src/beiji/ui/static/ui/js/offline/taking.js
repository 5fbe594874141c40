// Takes pages along: they are asked for with `along` in their address, so that the server leaves out what must not lie on a
// device, and kept for this person until he removes them, signs out, or may no longer see them.
const PAGES = "beiji-along.";
const AT_ONCE = 4;

export const canTake = () => "serviceWorker" in navigator && "caches" in window;

// When and what was taken under a name ("person.what"): { at, pages, keys }; null where nothing was taken whole.
export function takenOf(name) {
  try { return JSON.parse(localStorage.getItem(PAGES + name)); } catch { return null; }
}

// The same, once the browser has been asked whether the pages are still here: the worker removes what nobody may see any more.
export async function stillHere(name) {
  const isHere = canTake() && await caches.has(PAGES + name);
  if (!isHere) forget(name);
  return isHere ? takenOf(name) : null;
}

function forget(name) {
  try { localStorage.removeItem(PAGES + name); } catch { /* nothing is noted there */ }
}

function note(name, taken) {
  try { localStorage.setItem(PAGES + name, JSON.stringify(taken)); } catch { /* the pages are here all the same */ }
}

// Pages that the network brought say who is signed in: only his pages are shown without it.
export async function thisIs(person) {
  if (!canTake() || document.documentElement.dataset.taken !== undefined) return;
  await (await caches.open("beiji-who")).put("/who", new Response(person));
}

// Style sheets, scripts and pictures that a page names.
function partsOf(page) {
  const named = [...page.querySelectorAll("link[href], script[src], use")];
  const urls = named.map((one) => one.getAttribute("href") ?? one.getAttribute("src"));
  return urls.filter(Boolean).map((url) => url.split("#")[0]).filter((url) => url.startsWith("/"));
}

async function fetched(url) {
  const answer = await fetch(url, { redirect: "error", cache: "no-cache" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

async function inTurns(things, act) {
  const left = [...things];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left.length) await act(left.shift());
  }));
}

const here = new Map(); // name → addresses that are kept already, for a download that goes on

// `start`: addresses under which this page stands without network; `pages`: all others; `keys`: what each answers.
export async function take({ name, worker, start, pages, keys }, progress) {
  await navigator.serviceWorker.register(worker, { scope: "/" });
  await thisIs(name.split(".")[0]);
  navigator.storage?.persist?.().catch(() => {});
  const cache = await caches.open(PAGES + name);
  const done = here.get(name) ?? new Set();
  here.set(name, done);
  progress(done.size);
  const parts = new Set(partsOf(document));
  const own = await fetched(start[0]);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": own.headers.get("Content-Security-Policy") };
  const asPage = (text) => new Response(text, { headers });
  const text = await own.text();
  for (const url of start) await cache.put(url, asPage(text));
  await inTurns(pages.filter((url) => !done.has(url)), async (url) => {
    const text = await (await fetched(`${url}${url.includes("?") ? "&" : "?"}along=1`)).text();
    if (url === pages[0]) for (const part of partsOf(new DOMParser().parseFromString(text, "text/html"))) parts.add(part);
    await cache.put(url, asPage(text));
    done.add(url);
    progress(done.size);
  });
  await inTurns(parts, async (url) => cache.put(url, await fetched(url)));
  await navigator.serviceWorker.ready;
  here.delete(name);
  note(name, { at: Date.now(), pages, keys });
}

export async function leave(name) {
  await caches.delete(PAGES + name);
  forget(name);
}
