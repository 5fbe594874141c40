// What an assessor says waits in this device's storage until the server has it. One key for each operation, so that two
// tabs never overwrite each other; the server counts an operation once, however often it is sent. Each stands twice: in
// localStorage, which is read before a page is drawn, and in the browser's database, which survives a crash and holds more.
import { openStore } from "../ui/js/offline/store.js";
import { takenOf, thisIs } from "../ui/js/offline/taking.js";

const memory = new Map();

// What does not fit is held by the page alone; `set` then answers false.
export const storage = {
  get(key) { try { return memory.get(key) ?? localStorage.getItem(key); } catch { return memory.get(key) ?? null; } },
  set(key, value) {
    try { localStorage.setItem(key, value); memory.delete(key); return true; } catch { memory.set(key, value); return false; }
  },
  remove(key) { memory.delete(key); try { localStorage.removeItem(key); } catch { /* kept in memory only */ } },
  keys() { try { return [...new Set([...Object.keys(localStorage), ...memory.keys()])]; } catch { return [...memory.keys()]; } },
};
const entries = openStore("beiji-entries", "entries", "key");

// The server has answered: when, for whoever wonders how long ago.
const CONTACT = "beiji.contact";
export function inContact() {
  delete document.documentElement.dataset.taken;
  storage.set(CONTACT, String(Date.now()));
}
const isAway = () => !navigator.onLine || document.documentElement.dataset.taken !== undefined;

// A UUID of version 7: milliseconds, then chance.
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (40 - 8 * i)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// A device is one browser of one person; its numbers rise even when its clock is set back.
function nextNumber(person) {
  const device = storage.get(`beiji.device.${person}`) ?? uuid7();
  storage.set(`beiji.device.${person}`, device);
  const seq = Math.max(Number(storage.get(`beiji.seq.${device}`) ?? 0) + 1, Date.now());
  storage.set(`beiji.seq.${device}`, String(seq));
  return { device, seq };
}

// A crash may have lost the last number that was given.
function raiseNumber({ device, seq }) {
  const key = `beiji.seq.${device}`;
  if (seq > Number(storage.get(key) ?? 0)) storage.set(key, String(seq));
}

const PARCEL = 50;
const LOOK_MS = 15_000;
const LONGEST_WAIT_MS = 60_000;
// So often the server may fail on one entry before it is set aside, so that it holds up nothing behind it.
export const TRIES = 4;
// Answers that mean "this parcel", not "this person" (signed out, no longer on the team) or "this network".
const UNREADABLE = new Set([400, 413, 422, 500]);

export class Queue extends EventTarget {
  constructor({ visit, person, operations }) {
    super();
    Object.assign(this, { visit, person, url: operations, prefix: `beiji.op.${person}.${visit}.`, wait: 2000, trouble: "", most: PARCEL });
    Object.assign(this, { writing: 0, unsafe: new Set(), sent: [] });
    addEventListener("online", () => this.send());
    addEventListener("storage", () => this.tell());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
  }

  pending() {
    const found = storage.keys().filter((key) => key.startsWith(this.prefix)).map((key) => this.read(key)).filter(Boolean);
    return found.sort((a, b) => a.seq - b.seq);
  }

  // What this device cannot read any more is set aside under its key; it must not hold up what can be read.
  read(key) {
    const kept = storage.get(key);
    try {
      const operation = JSON.parse(kept);
      if (operation === null || typeof operation.payload === "object") return operation;
    } catch { /* set aside below */ }
    return { id: key.slice(this.prefix.length), seq: 0, kind: "", payload: { text: kept }, refused: " " };
  }

  // On the disk once both have answered; where neither has room, the entry stands in this page alone and the bar says so.
  async keep(operation) {
    const key = this.prefix + operation.id;
    const isKept = storage.set(key, JSON.stringify(operation));
    this.writing += 1;
    const isSafe = await entries.put({ ...operation, key, visit: this.visit, person: this.person }).catch(() => false);
    this.writing -= 1;
    if (isSafe || isKept) this.unsafe.delete(operation.id);
    else if (storage.get(key) !== null) this.unsafe.add(operation.id);
    this.tell();
  }

  // What a crash took out of localStorage comes back; what was sent since the visit was taken along is read once more.
  // Answers with everything that this device has said and the page may not show yet, in its order.
  async restore() {
    const all = (await entries.all().catch(() => [])).filter((one) => one.key.startsWith(this.prefix));
    this.sent = all.filter((one) => one.isSent);
    for (const { key, visit, person, ...operation } of all.filter((one) => !one.isSent)) {
      raiseNumber(operation);
      if (storage.get(key) === null) storage.set(key, JSON.stringify(operation));
    }
    for (const operation of this.pending()) if (!all.some((one) => one.id === operation.id)) this.keep(operation);
    this.tell();
    return this.said();
  }

  said() {
    return [...this.sent, ...this.pending().filter((one) => !this.sent.some(({ id }) => id === one.id))].sort((a, b) => a.seq - b.seq);
  }

  // Question ("code|part") → the level that this device said last; nothing where it was taken back.
  latest() {
    const levels = new Map();
    const undone = new Set(this.said().filter(({ kind }) => kind === "undo").map(({ payload }) => payload.operation));
    for (const { id, kind, payload } of this.said()) {
      if (kind === "rate" && !undone.has(id)) levels.set(`${payload.indicator}|${payload.part ?? ""}`, payload.level);
    }
    return levels;
  }

  // The pages that were taken along are new and show what was sent before.
  async forgetSent(before) {
    for (const one of this.sent.filter(({ sentAt }) => sentAt < before)) await entries.remove(one.key);
    this.sent = this.sent.filter(({ sentAt }) => sentAt >= before);
  }

  drop(id) {
    storage.remove(this.prefix + id);
    this.unsafe.delete(id);
    entries.remove(this.prefix + id).catch(() => {});
  }

  // `name`: what a person calls a file; it stays on this device.
  add(kind, payload, base = null, name = undefined) {
    const operation = { id: uuid7(), kind, ...nextNumber(this.person), base, made_at: new Date().toISOString(), payload, ...(name && { name }) };
    this.keep(operation);
    this.tell();
    this.send();
    return operation;
  }

  // Take something back: what the server refused is only on this device, so it goes without a word to the server.
  withdraw(id) {
    if (this.pending().some((one) => one.id === id && one.refused)) this.discard(id);
    else this.add("undo", { operation: id });
  }

  discard(id) {
    this.drop(id);
    this.tell();
  }

  retry({ refused, tried, ...operation }) {
    this.keep(operation);
    this.send();
  }

  state() {
    const waiting = this.pending();
    if (waiting.some((operation) => operation.refused) || this.trouble === "refused") return "failed";
    if (isAway()) return "offline";
    if (!waiting.length) return "online";
    return this.trouble ? "offline" : "waiting";
  }

  tell() { this.dispatchEvent(new Event("change")); }

  // A page that was taken along asks now and then whether the server is there again.
  async look() {
    if (!isAway()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), LOOK_MS);
    try { if ((await fetch("/health/", { cache: "no-store" })).ok) inContact(); } catch { /* not yet */ }
  }

  async send() {
    if (this.sending) { this.again = true; return; }
    for (const one of this.pending()) if (this.unsafe.has(one.id)) this.keep(one); // there may be room again
    const parcel = this.pending().filter((operation) => !operation.refused).slice(0, this.most);
    if (!parcel.length) { this.trouble = ""; await this.look(); this.tell(); return; }
    this.sending = true;
    clearTimeout(this.timer);
    try {
      const response = await fetch(this.url, {
        method: "POST", keepalive: parcel.length <= 20, redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ person: this.person, operations: parcel.map(({ refused, tried, name, ...operation }) => operation) }),
      });
      if (response.status < 502) inContact();
      if (UNREADABLE.has(response.status)) await this.stepAside(parcel, response);
      else if (!response.ok) throw Object.assign(new Error("refused"), { refused: response.status < 500 });
      else {
        const { results } = await response.json();
        results.forEach((result, position) => this.take(result, parcel[position]));
        Object.assign(this, { trouble: "", wait: 2000, most: PARCEL });
      }
    } catch (error) {
      this.trouble = error.refused ? "refused" : "network";
    }
    if (this.trouble || parcel.some((one) => this.read(this.prefix + one.id)?.tried)) {
      this.timer = setTimeout(() => this.send(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
      this.again = false;
    }
    this.sending = false;
    this.tell();
    const rest = this.pending().some((operation) => !operation.refused && !operation.tried);
    if (this.again || (!this.trouble && rest)) { this.again = false; this.send(); }
  }

  // A parcel that cannot be read is halved until the one entry that spoils it is found; that one is set aside.
  async stepAside(parcel, response) {
    this.trouble = "";
    if (parcel.length > 1) { this.most = Math.ceil(parcel.length / 2); return; }
    const { error } = await response.json().catch(() => ({}));
    this.take({ kept: false, again: response.status === 500, error: error ?? "" }, parcel[0]);
    this.most = PARCEL;
  }

  // Kept by the server. Pages that were taken along do not know it yet, so the device remembers it for them.
  settle(operation) {
    const key = this.prefix + operation.id;
    if (takenOf(`${this.person}.${this.visit}`) === null) { this.drop(operation.id); return; }
    storage.remove(key);
    this.unsafe.delete(operation.id);
    const sent = { ...operation, key, visit: this.visit, person: this.person, isSent: true, sentAt: Date.now() };
    this.sent.push(sent);
    entries.put(sent).catch(() => entries.remove(key)).catch(() => {});
  }

  take({ kept, error, again }, operation) {
    if (!operation) return;
    if (kept) {
      this.settle(operation);
      this.dispatchEvent(new CustomEvent("kept", { detail: operation }));
      return;
    }
    const tried = (operation.tried ?? 0) + 1;
    this.keep(again && tried < TRIES ? { ...operation, tried } : { ...operation, refused: error || " " });
  }
}

// What the server does not take is listed one by one: which item, what was entered, why; to be sent again or deleted.
function drawTray(tray, queue, files) {
  const refused = [...queue.pending().filter((one) => one.refused), ...files.aside()];
  tray.hidden = !refused.length;
  const lines = refused.map((one) => {
    const line = tray.querySelector("template").content.firstElementChild.cloneNode(true);
    const { indicator = "", level, text, typed, reason } = one.payload ?? {};
    const word = line.querySelector(`[data-kind-word="${one.kind}"]`);
    if (word) word.hidden = false;
    line.querySelector("[data-item]").textContent = indicator || one.indicator || "";
    line.querySelector("[data-what]").textContent = [level, typed, text, reason, one.name].filter((part) => part !== undefined && part !== "").join(" · ");
    line.querySelector("[data-sentence]").textContent = one.refused.trim();
    line.querySelector("[data-again]").addEventListener("click", () => (one.file ? files : queue).retry(one));
    line.querySelector("[data-discard]").addEventListener("click", () => (one.file ? files : queue).discard(one.id));
    return line;
  });
  tray.querySelector("[data-tray]").replaceChildren(...lines);
}

// The time alone for today, with its day before.
function timeOf(instant) {
  const isToday = new Date(instant).toDateString() === new Date().toDateString();
  return new Date(instant).toLocaleString(document.documentElement.lang, { timeStyle: "short", ...(!isToday && { dateStyle: "short" }) });
}

const NO_FILES = { count: 0, aside: () => [] };

// The badge in the bar and the two messages that belong to it.
export function showState(queue, files = NO_FILES) {
  const badge = document.querySelector("[data-sync]");
  const tray = document.querySelector("[data-refused]");
  const full = document.querySelector("[data-full]");
  const signedOut = document.querySelector("[data-signed-out]");
  const draw = () => {
    const count = queue.pending().length + files.count;
    const failed = queue.state() === "failed" || files.aside().length > 0;
    badge.dataset.kept = queue.writing || files.busy ? "not-yet" : "yes";
    const contact = Number(storage.get(CONTACT) ?? 0);
    for (const part of badge.querySelectorAll("[data-contact]")) {
      part.hidden = !contact;
      part.querySelector("time").textContent = timeOf(contact);
    }
    if (full) full.hidden = !queue.unsafe.size && !files.isLoose;
    const state = failed ? "failed" : count && queue.state() === "online" ? (navigator.onLine ? "waiting" : "offline") : queue.state();
    badge.hidden = false;
    badge.dataset.state = state;
    for (const part of badge.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    for (const number of badge.querySelectorAll("[data-count]")) number.textContent = String(count);
    if (tray) drawTray(tray, queue, files);
    if (signedOut) signedOut.hidden = queue.trouble !== "refused";
  };
  queue.addEventListener("change", draw);
  addEventListener("offline", draw);
  addEventListener("online", draw);
  addEventListener("beforeunload", (event) => { if (queue.unsafe.size || files.isLoose) event.preventDefault(); });
  if (!isAway()) { storage.set(CONTACT, String(Date.now())); thisIs(queue.person).catch(() => {}); }
  draw();
}
