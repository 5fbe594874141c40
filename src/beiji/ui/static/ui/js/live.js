// Parts of a page that ask for themselves again when the server says that what they show has changed:
//   <div data-hears="visit:1a@7" hx-get="…" hx-trigger="live" …>
// One line for the page. It is closed while the page is hidden, and compares states when it is taken up again, so nothing is
// missed. Where no line can be kept (some proxies, some browsers inside other programs) the parts ask by themselves.
const LOOK_MS = 10_000;
const OPENS_WITHIN_MS = 8_000;
const UNHURRIED_MS = 2_000; // whoever clicks on at once needs no line
const TYPING = "input, textarea, select";

const parts = () => [...document.querySelectorAll("[data-hears]:not([data-hears=''])")];
const words = () => [...new Set(parts().flatMap((part) => part.dataset.hears.split(" ")))].join(" ");
const topics = () => words().replace(/@\S*/g, "");

let line = null, heard = "", waiting = 0, polling = 0;

function tell(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches(TYPING)) {
    part.addEventListener("focusout", () => tell(part), { once: true });
  } else {
    window.htmx?.trigger(part, "live");
  }
}

function close() {
  clearTimeout(waiting);
  line?.close();
  line = null;
  heard = "";
}

function lookByTimer() {
  close();
  polling ||= setInterval(() => { if (!document.hidden) parts().forEach(tell); }, LOOK_MS);
}

function listen() {
  if (polling || document.hidden || topics() === heard) return;
  close();
  heard = topics();
  const { live } = document.body.dataset;
  if (!heard || !live) return;
  line = new EventSource(`${live}${encodeURIComponent(words())}/`);
  waiting = setTimeout(lookByTimer, OPENS_WITHIN_MS);
  line.addEventListener("listening", () => clearTimeout(waiting));
  line.addEventListener("message", ({ data }) => {
    const changed = data.split(" ");
    for (const part of parts()) {
      if (part.dataset.hears.split(" ").some((word) => changed.includes(word.split("@")[0]))) tell(part);
    }
  });
  line.addEventListener("error", () => { if (line?.readyState === EventSource.CLOSED) lookByTimer(); });
}

// What somebody stands on with the keyboard is not taken from under him.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.contains(document.activeElement)) event.detail.shouldSwap = false;
});
// Signed out, or not to be seen any more: who asked is led on by the whole page, a part that asks by itself falls silent
// until somebody looks at the page anew.
document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (!("hears" in detail.elt.dataset)) {
    if (status === 401) location.reload();
    return;
  }
  if (status !== 401 && status !== 404) return;
  close();
  clearInterval(polling);
  polling = 0;
});
document.addEventListener("htmx:afterSettle", listen);
document.addEventListener("visibilitychange", () => (document.hidden ? close() : listen()));
addEventListener("pagehide", close);
addEventListener("pageshow", () => setTimeout(listen, UNHURRIED_MS));
