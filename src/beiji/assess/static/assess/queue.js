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

export class Queue extends EventTarget {
  constructor({ visit, person, operations }) {
    super();
    Object.assign(this, { visit, person, url: operations, prefix: `beiji.op.${person}.${visit}.`, wait: 2000, trouble: "" });
    addEventListener("online", () => this.send());
    addEventListener("storage", () => this.tell());
    document.addEventListener("visibilitychange", () => document.hidden || this.send());
  }

  pending() {
    const found = storage.keys().filter((key) => key.startsWith(this.prefix)).map((key) => JSON.parse(storage.get(key)));
    return found.filter(Boolean).sort((a, b) => a.seq - b.seq);
  }

  add(kind, payload, base = null) {
    const operation = { id: uuid7(), kind, ...nextNumber(this.person), base, made_at: new Date().toISOString(), payload };
    storage.set(this.prefix + operation.id, JSON.stringify(operation));
    this.tell();
    this.send();
    return operation;
  }

  discard(id) {
    storage.remove(this.prefix + id);
    this.tell();
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
    const parcel = this.pending().filter((operation) => !operation.refused).slice(0, PARCEL);
    if (!parcel.length) { this.trouble = ""; this.tell(); return; }
    this.sending = true;
    clearTimeout(this.timer);
    const before = parcel.length;
    try {
      const response = await fetch(this.url, {
        method: "POST", keepalive: before <= 20, redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ operations: parcel.map(({ refused, ...operation }) => operation) }),
      });
      if (!response.ok) throw Object.assign(new Error("refused"), { refused: response.status < 500 });
      for (const result of (await response.json()).results) this.take(result, parcel);
      Object.assign(this, { trouble: "", wait: 2000 });
    } catch (error) {
      this.trouble = error.refused ? "refused" : "network";
      this.timer = setTimeout(() => this.send(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
      this.again = false;
    }
    this.sending = false;
    this.tell();
    if (this.again || (!this.trouble && this.pending().some((operation) => !operation.refused))) { this.again = false; this.send(); }
  }

  take({ id, kept, error }, parcel) {
    if (kept) { storage.remove(this.prefix + id); return; }
    const operation = parcel.find((one) => one.id === id);
    if (operation) storage.set(this.prefix + id, JSON.stringify({ ...operation, refused: error }));
  }
}

// The badge in the bar and the two messages that belong to it.
export function showState(queue, files = () => 0) {
  const badge = document.querySelector("[data-sync]");
  const refusal = document.querySelector("[data-refused]");
  const signedOut = document.querySelector("[data-signed-out]");
  const draw = () => {
    const waiting = queue.pending();
    const count = waiting.length + files();
    const state = count && queue.state() === "online" ? (navigator.onLine ? "waiting" : "offline") : queue.state();
    badge.hidden = false;
    badge.dataset.state = state;
    for (const part of badge.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
    for (const number of badge.querySelectorAll("[data-count]")) number.textContent = String(count);
    const refused = waiting.find((operation) => operation.refused);
    if (refusal) {
      refusal.hidden = !refused;
      if (refused) refusal.querySelector("[data-sentence]").textContent = `${refused.payload.indicator ?? ""} ${refused.refused}`;
      refusal.querySelector("[data-discard]").onclick = () => queue.discard(refused.id);
    }
    if (signedOut) signedOut.hidden = queue.trouble !== "refused";
  };
  queue.addEventListener("change", draw);
  addEventListener("offline", draw);
  addEventListener("online", draw);
  draw();
}
