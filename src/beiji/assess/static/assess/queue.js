// What an assessor says waits in this device's storage until the server has it. One key for each operation, so that two
// tabs never overwrite each other; the server counts an operation once, however often it is sent.
const memory = new Map();

export const storage = {
  get(key) { try { return localStorage.getItem(key); } catch { return memory.get(key) ?? null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { memory.set(key, value); } },
  remove(key) { memory.delete(key); try { localStorage.removeItem(key); } catch { /* kept in memory only */ } },
  keys() { try { return [...Object.keys(localStorage), ...memory.keys()]; } catch { return [...memory.keys()]; } },
};

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

const PARCEL = 50;
const LONGEST_WAIT_MS = 60_000;
// So often the server may fail on one entry before it is set aside, so that it holds up nothing behind it.
export const TRIES = 4;
// Answers that mean "this parcel", not "this person" (signed out, no longer on the team) or "this network".
const UNREADABLE = new Set([400, 413, 422, 500]);

export class Queue extends EventTarget {
  constructor({ visit, person, operations }) {
    super();
    Object.assign(this, { visit, person, url: operations, prefix: `beiji.op.${person}.${visit}.`, wait: 2000, trouble: "", most: PARCEL });
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

  keep(operation) { storage.set(this.prefix + operation.id, JSON.stringify(operation)); }

  add(kind, payload, base = null) {
    const operation = { id: uuid7(), kind, ...nextNumber(this.person), base, made_at: new Date().toISOString(), payload };
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
    storage.remove(this.prefix + id);
    this.tell();
  }

  retry({ refused, tried, ...operation }) {
    this.keep(operation);
    this.send();
  }

  state() {
    const waiting = this.pending();
    if (waiting.some((operation) => operation.refused) || this.trouble === "refused") return "failed";
    if (!waiting.length) return "online";
    return this.trouble || !navigator.onLine ? "offline" : "waiting";
  }

  tell() { this.dispatchEvent(new Event("change")); }

  async send() {
    if (this.sending) { this.again = true; return; }
    const parcel = this.pending().filter((operation) => !operation.refused).slice(0, this.most);
    if (!parcel.length) { this.trouble = ""; this.tell(); return; }
    this.sending = true;
    clearTimeout(this.timer);
    try {
      const response = await fetch(this.url, {
        method: "POST", keepalive: parcel.length <= 20, redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ person: this.person, operations: parcel.map(({ refused, tried, ...operation }) => operation) }),
      });
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

  take({ kept, error, again }, operation) {
    if (!operation) return;
    if (kept) {
      storage.remove(this.prefix + operation.id);
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

const NO_FILES = { count: 0, aside: () => [] };

// The badge in the bar and the two messages that belong to it.
export function showState(queue, files = NO_FILES) {
  const badge = document.querySelector("[data-sync]");
  const tray = document.querySelector("[data-refused]");
  const signedOut = document.querySelector("[data-signed-out]");
  const draw = () => {
    const count = queue.pending().length + files.count;
    const failed = queue.state() === "failed" || files.aside().length > 0;
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
  draw();
}
