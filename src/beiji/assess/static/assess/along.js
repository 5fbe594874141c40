// The page from which a visit is taken along, and which then stands in its place without network.
import { Queue, showState } from "./queue.js";
import { canTake, leave, stillHere, take } from "../ui/js/offline/taking.js";

const place = document.querySelector("[data-along]");
const { along: visit, person, worker, home } = place.dataset;
const name = `${person}.${visit}`;
const queue = new Queue(document.querySelector("[data-queue]").dataset);
const links = [...document.querySelectorAll("[data-take]")];

function show(state) {
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
}

async function look() {
  if (!canTake()) { show("cannot"); return; }
  const taken = await stillHere(name);
  show(taken ? "taken" : "none");
  if (taken) place.querySelector("[data-at]").textContent = new Date(taken.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}

function progress(done) {
  for (const number of place.querySelectorAll("[data-taken]")) number.textContent = String(done);
  place.querySelector("progress").value = done;
}

async function takeAll() {
  show("taking");
  const began = Date.now();
  try {
    const keys = links.map((link) => link.dataset.key);
    await take({ name, worker, start: [location.pathname, home], pages: links.map((link) => link.getAttribute("href")), keys }, progress);
    await queue.forgetSent(began);
    await look();
  } catch (error) {
    show(error.name === "QuotaExceededError" ? "full" : "stopped");
  }
}

place.addEventListener("click", async (event) => {
  const act = event.target.closest("[data-do]")?.dataset.do;
  if (act === "take") await takeAll();
  if (act === "leave") { await leave(name); await look(); }
});

// One's own answers that this device has given since the page was made.
function drawAnswers() {
  for (const [key, level] of queue.latest()) {
    const cell = links.find((link) => link.dataset.key === key)?.querySelector(".cell");
    if (!cell) continue;
    const isLevel = typeof level === "number";
    cell.firstElementChild.textContent = isLevel ? level : { na: "–", unable: "?" }[level] ?? "·";
    if (isLevel) { cell.dataset.level = level; delete cell.dataset.state; } else {
      delete cell.dataset.level;
      cell.dataset.state = { na: "not-applicable", unable: "unknown" }[level] ?? "not-assessed";
    }
  }
}

await look();
showState(queue);
await queue.restore();
drawAnswers();
queue.send();
