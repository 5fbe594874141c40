// The page of one question: saves by itself, takes back, and never loses an entry. Half-written words: ui/js/keeping.js.
import { Files } from "./files.js";
import { looked } from "./photo.js";
import { Queue, showState, storage } from "./queue.js";
import { takenOf } from "../ui/js/offline/taking.js";

const form = document.querySelector("[data-answer]");
const { indicator, part, visit, person } = form.dataset;
const queue = new Queue(form.dataset);
const here = part ? { indicator, part } : { indicator };
const history = JSON.parse(form.dataset.history);
const answeredBefore = history.length > 0;
const $ = (selector) => document.querySelector(selector);
const sent = (field) => field.closest("[data-keep]").dispatchEvent(new CustomEvent("kept:sent", { bubbles: true }));

for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;

// --- the answer -----------------------------------------------------------------------------------------------------
const isHere = (payload) => payload.indicator === indicator && (payload.part ?? "") === part;
const shown = new Set(history.map(({ id }) => id));

// What this device said of the question and the page does not know: it waits, or was sent after the page was taken along.
function replay(operations) {
  for (const operation of operations) {
    const { id, kind, payload } = operation;
    if (kind === "undo") {
      history.splice(0, history.length, ...history.filter((one) => one.id !== payload.operation));
      lineOf(payload.operation)?.remove();
    }
    if (shown.has(id)) continue;
    shown.add(id);
    if (kind === "rate" && isHere(payload)) history.push({ id, how: "check", reason: "", ...payload });
    if (lineOf(id)) continue;
    if (kind === "note" && payload.indicator === indicator) addLine("note", payload.text, operation);
    if (kind === "measure" && isHere(payload) && meter) addLine("measure", measuredWords(payload), operation);
    if (kind === "attach" && payload.indicator === indicator) addLine("files", operation.name ?? "", operation);
  }
}

function show() {
  const last = history.at(-1);
  for (const radio of form.querySelectorAll("[name=level]")) radio.checked = last !== undefined && radio.value === String(last.level);
  for (const radio of form.querySelectorAll("[name=how]")) radio.checked = radio.value === (last?.how ?? "check");
  if (last?.level === "na") form.elements.reason.value = last.reason;
  $("[data-undo]").hidden = !last;
  const cell = $(".tabs [aria-current] .cell");
  if (cell) {
    const isLevel = typeof last?.level === "number";
    cell.firstElementChild.textContent = isLevel ? last.level : { na: "–", unable: "?" }[last?.level] ?? "·";
    if (isLevel) { cell.dataset.level = last.level; delete cell.dataset.state; } else {
      delete cell.dataset.level;
      cell.dataset.state = { na: "not-applicable", unable: "unknown" }[last?.level] ?? "not-assessed";
    }
    cell.setAttribute("aria-label", form.querySelector("[name=level]:checked ~ .level-text")?.textContent.trim().slice(0, 60) ?? "·");
  }
  drawWay(last !== undefined);
}

// How many questions are answered and which: the page as it came, and what this device said since.
function drawWay(isAnswered) {
  const done = $("[data-done]");
  const keys = takenOf(`${person}.${visit}`)?.keys ?? [];
  const ticks = [...document.querySelectorAll(".ticks li")];
  const latest = queue.latest();
  const open = ticks.filter((tick, at) => keys.length === ticks.length && tick.dataset.state === "open" && latest.has(keys[at]));
  for (const tick of open) Object.assign(tick.dataset, { state: "done", here: "" });
  const since = document.querySelectorAll(".ticks [data-here]").length;
  done.textContent = String(Number(done.dataset.done) + since + (isAnswered ? 1 : 0) - (answeredBefore ? 1 : 0));
}

function say() {
  const level = new FormData(form).get("level");
  const reason = form.elements.reason.value.trim();
  if (level === null) return;
  if (level === "na" && !reason) { form.elements.reason.focus(); return; }
  const said = { level: /^\d$/.test(level) ? Number(level) : level, how: new FormData(form).get("how"), ...(level === "na" && { reason, language: form.elements.language.value }) };
  const last = history.at(-1);
  if (last && last.level === said.level && last.how === said.how && (level !== "na" || last.reason === reason)) return;
  const { id } = queue.add("rate", { ...here, ...said }, last?.id ?? null);
  history.push({ id, reason: "", ...said });
  if (level === "na") sent(form.elements.reason);
  show();
}

form.addEventListener("change", say);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  say();
  if (event.submitter === null || event.submitter.hidden) $(".thumb-foot [data-kind=primary]").click();
});
$("[data-undo]").addEventListener("click", () => {
  const last = history.pop();
  if (last) queue.withdraw(last.id);
  show();
});

const lineOf = (id) => document.querySelector(`[data-operation="${id}"]`) ?? document.querySelector(`[data-withdraw="${id}"]`)?.closest("li");
const meter = $("[data-measure]");

// --- evidence -------------------------------------------------------------------------------------------------------
function addLine(list, text, operation) {
  const line = $("template[data-line]").content.firstElementChild.cloneNode(true);
  line.dataset.operation = operation.id;
  line.querySelector(".rate-said").textContent = text;
  line.querySelector("[data-back]").addEventListener("click", () => { queue.withdraw(operation.id); line.remove(); });
  $(`[data-lines=${list}]`).append(line);
}

queue.addEventListener("change", () => {
  const waiting = new Set(queue.pending().map(({ id }) => id));
  for (const line of document.querySelectorAll("[data-operation]")) line.querySelector(".chip").hidden = waiting.has(line.dataset.operation) === false;
});

const wordOf = (name, value, within) => within.querySelector(`[name=${name}][value="${value}"] + span`)?.textContent ?? "";

function measured(data) {
  const payload = { ...here, method: data.get("method"), condition: data.get("condition"), sample: data.get("sample").trim() || 1 };
  if (data.has("value")) payload.typed = data.get("value"); // read by the server: one reader for every keyboard
  else if (data.has("shown")) payload.shown = data.get("shown") === "yes";
  if (data.has("at_min")) payload.at_min = Number(data.get("at_min"));
  if (payload.method.endsWith("drill") && data.has("notice")) payload.notice = data.get("notice");
  return payload;
}

function measuredWords(payload) {
  const isNumber = payload.typed !== undefined;
  const what = isNumber ? `${payload.typed} ${meter.querySelector(".field-unit span").textContent}` : wordOf("shown", payload.shown ? "yes" : "no", meter);
  const minute = payload.at_min === undefined ? "" : `${payload.at_min}′`;
  return [what, minute, wordOf("method", payload.method, meter), wordOf("condition", payload.condition, meter)].filter(Boolean).join(" · ");
}

meter?.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData(meter);
  if (data.get("value")?.trim() === "") { meter.elements.value.focus(); return; }
  if (!data.has("value") && !data.has("shown")) { meter.querySelector("[name=shown]").focus(); return; }
  const payload = measured(data);
  addLine("measure", measuredWords(payload), queue.add("measure", payload));
  if (meter.elements.value) meter.elements.value.value = "";
  sent(meter);
});

// A stopwatch that goes on through a reload or another item: only its start is kept.
const watch = $("[data-watch]");
if (watch) {
  const field = meter.elements.value;
  const kept = `beiji.watch.${person}.${visit}.${indicator}.${part}`;
  const seconds = () => (Date.now() - Number(storage.get(kept))) / 1000;
  const draw = () => {
    const runs = storage.get(kept) !== null;
    watch.querySelector("[data-start]").hidden = runs;
    watch.querySelector("[data-stop]").hidden = !runs;
    if (!runs) return;
    const passed = Math.floor(seconds());
    watch.querySelector("b").textContent = `${Math.floor(passed / 60)}:${String(passed % 60).padStart(2, "0")}`;
    setTimeout(draw, 500);
  };
  watch.hidden = false;
  watch.addEventListener("click", () => {
    if (storage.get(kept) === null) storage.set(kept, String(Date.now()));
    else {
      field.value = String(Math.round((seconds() / Number(watch.dataset.watch)) * 10) / 10);
      field.dispatchEvent(new Event("input", { bubbles: true })); // kept like what is typed
      storage.remove(kept);
    }
    draw();
  });
  if (storage.get(kept) !== null) meter.closest("details").open = true;
  draw();
}

const note = $("[data-note]");
note.addEventListener("submit", (event) => {
  event.preventDefault();
  const { text, language } = note.elements;
  if (!text.value.trim()) { text.focus(); return; }
  addLine("note", text.value, queue.add("note", { indicator, language: language.value, text: text.value }));
  text.value = "";
  sent(note);
});

document.addEventListener("submit", (event) => {
  const back = event.target.closest("[data-withdraw]");
  if (!back) return;
  event.preventDefault();
  queue.withdraw(back.dataset.withdraw);
  back.closest("li").remove();
});

// --- what the others said: shown as soon as the server has one's own answer ---------------------------------------------
queue.addEventListener("kept", async ({ detail: { kind, payload } }) => {
  const place = $("[data-others]");
  if (!place || kind !== "rate" || payload.indicator !== indicator || (payload.part ?? "") !== part) return;
  try {
    const response = await fetch(location.href, { redirect: "error" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-others]");
    if (!fresh) return;
    place.replaceChildren(...fresh.childNodes);
    const waiting = [...$("[data-lines=note]").querySelectorAll("[data-operation]")].filter((line) => !line.querySelector(".chip").hidden);
    $("[data-lines=note]").replaceChildren(...page.querySelector("[data-lines=note]").childNodes, ...waiting);
  } catch { /* no network: it is there when the page is loaded again */ }
});

const attach = $("[data-attach]");
const files = new Files(form.dataset, {
  onKept(of, attachment, name) {
    const operation = queue.add("attach", { indicator: of, attachment }, null, name);
    if (of === indicator) addLine("files", name, operation);
  },
  onRefused(name, sentence) {
    const error = attach.querySelector("[data-file-error]");
    error.textContent = sentence.trim() || name;
    error.hidden = false;
    attach.closest("details").open = true;
  },
  onChange() {
    attach.querySelector("progress").hidden = files.count === files.aside().length;
    drawWaiting();
    queue.tell();
  },
});
// Photographs of this question that are still on this device only.
function drawWaiting() {
  const waiting = files.waiting.filter((one) => one.indicator === indicator && !one.refused);
  for (const line of document.querySelectorAll("[data-photograph]")) if (!waiting.some(({ id }) => id === line.dataset.photograph)) line.remove();
  for (const { id, name, file } of waiting) {
    if (document.querySelector(`[data-photograph="${id}"]`)) continue;
    const line = $("template[data-line]").content.firstElementChild.cloneNode(true);
    line.dataset.photograph = id;
    line.querySelector(".rate-said").textContent = name;
    if (file.type.startsWith("image/")) line.prepend(pictureOf(file));
    line.querySelector("[data-back]").addEventListener("click", () => files.discard(id));
    $("[data-lines=files]").append(line);
  }
}

function pictureOf(file) {
  const picture = new Image(96, 72);
  picture.src = URL.createObjectURL(file);
  picture.alt = "";
  const frame = document.createElement("span");
  frame.className = "rate-photo";
  frame.append(picture);
  return frame;
}

attach.elements.file.addEventListener("change", async ({ target }) => {
  attach.querySelector("[data-file-error]").hidden = true;
  attach.querySelector("progress").removeAttribute("value");
  const chosen = [...target.files];
  target.value = "";
  for (const file of chosen) {
    const made = await looked(file, $("[data-photo]"));
    if (made) await files.add(indicator, made);
  }
});

// --- pages without network, keys ----------------------------------------------------------------
const isTaken = () => document.documentElement.dataset.taken !== undefined || takenOf(`${person}.${visit}`) !== null;
document.addEventListener("click", (event) => {
  if (isTaken() && event.target.closest("[data-turn], .bar a, .tabs a")) return; // it opens from this device
  if (navigator.onLine && document.documentElement.dataset.taken === undefined) return;
  if (!event.target.closest("[data-turn], .bar a, .bar-langs button, .tabs a, .seg a")) return;
  event.preventDefault();
  $("[data-nonet]").hidden = false;
});
addEventListener("online", () => { $("[data-nonet]").hidden = true; });

const group = form.querySelector("[data-rating]");
group.addEventListener("keydown", () => storage.set("beiji.keys", "yes"));
document.addEventListener("pointerdown", () => storage.remove("beiji.keys"));
if (storage.get("beiji.keys")) (group.querySelector(":checked") ?? group.querySelector("input")).focus();

replay(queue.pending());
show();
showState(queue, files);
files.look();
await queue.restore().then(replay);
show();
queue.send();
files.send();
