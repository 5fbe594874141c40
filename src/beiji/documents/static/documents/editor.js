// One block that somebody writes in: what is typed is sent as operations while he types. Whatever the server has not taken stays in
// the field and in this browser (ui/keeping.js), also past a lost connection and the end of a session.
const form = document.querySelector("[data-editor]");
const PAUSE_MS = 800; // assumption: the pause after which a sentence is worth sending
const SIGN_OF_LIFE_MS = 120_000; // a block is held for five minutes after the last
const LONGEST_WAIT_MS = 60_000;

function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (40 - 8 * i)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// The window keeps its name past a reload and a new sign-in, so that nobody is held up by himself.
function tabName() {
  try {
    const name = sessionStorage.getItem("beiji.tab") ?? uuid7();
    sessionStorage.setItem("beiji.tab", name);
    return name;
  } catch { return uuid7(); }
}

const written = (cell) => cell.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("\n", "\\n");
const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

class Editor {
  constructor() {
    Object.assign(this, { tab: tabName(), seq: 0, wait: 2000, sending: false, stopped: false });
    this.base = form.elements.base;
    form.elements.tab.value = this.tab;
    this.state = form.querySelector("[data-said]");
    this.clash = form.querySelector("[data-clash]");
    this.sent = this.body("defaultValue"); // what the server sent, whatever has been filled in since
    form.addEventListener("input", () => this.changed());
    form.addEventListener("kept:filled", () => this.changed());
    form.addEventListener("paste", (event) => this.paste(event));
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", () => clearTimeout(this.timer));
    addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => document.hidden && this.send());
    addEventListener("pagehide", () => this.post(form.dataset.hold, { verb: "leave", tab: this.tab }, true).catch(() => {}));
    form.querySelector("[data-take-over]").addEventListener("click", () => this.keepMine());
    form.querySelector("[data-take-theirs]").addEventListener("click", () => this.takeTheirs());
    this.hold("hold");
    setInterval(() => this.stopped || this.hold("hold"), SIGN_OF_LIFE_MS);
    form.querySelector("[data-first], textarea, input.input")?.focus({ preventScroll: true });
    if (!this.clash.hidden) this.stopped = true;
    this.changed(); // words that were kept in this browser came back before this script was there
  }

  grid() { return [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("textarea")]); }

  body(which = "value") {
    if (form.dataset.shape === "grid") return this.grid().map((row) => row.map((cell) => written(cell[which])).join(" | ")).join("\n");
    return form.elements.body?.[which] ?? "";
  }

  // A list of people and a picture are kept by their button only.
  isTyped() { return ["text", "grid"].includes(form.dataset.shape) || form.dataset.shape === "line"; }

  tell(state, words) {
    this.state.dataset.state = state;
    this.state.textContent = words;
  }

  changed() {
    if (!this.isTyped() || this.stopped || this.body() === this.sent) return;
    this.tell("", form.dataset.waiting);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE_MS);
  }

  post(url, body, last = false) {
    return fetch(url, {
      method: "POST", redirect: "manual", keepalive: last,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() }, body: JSON.stringify(body),
    });
  }

  async hold(verb) {
    try {
      const response = await this.post(form.dataset.hold, { verb, tab: this.tab });
      if (response.status === 409) this.overtaken(await response.json());
      return response.ok;
    } catch { return false; }
  }

  async send() {
    const body = this.body();
    if (!this.isTyped() || this.sending || this.stopped || body === this.sent) return;
    this.sending = true;
    // The same words under the same id until they arrive: what was taken but not answered counts once.
    if (this.pending?.payload.body !== body || this.pending.base !== this.base.value) {
      this.seq = Math.max(this.seq + 1, Date.now());
      this.pending = {
        id: uuid7(), kind: "block", device: this.tab, seq: this.seq, base: this.base.value, made_at: new Date().toISOString(),
        payload: { block: form.dataset.block, body },
      };
    }
    try {
      const response = await this.post(form.dataset.operations, this.pending);
      if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) {
        this.tell("trouble", form.dataset.signedOut);
        this.later();
      } else if (response.status >= 500) throw new Error("later");
      else this.answered(response, await response.json(), body);
    } catch {
      this.tell("trouble", form.dataset.offline);
      this.later();
    }
    this.sending = false;
    if (this.again) { this.again = false; this.changed(); }
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
  }

  answered(response, answer, body) {
    this.wait = 2000;
    if (answer.kept) {
      this.base.value = answer.revision;
      form.elements.operation.value = uuid7();
      this.sent = body;
      this.tell("kept", answer.said);
      for (const field of form.querySelectorAll("textarea, input.input")) field.defaultValue = field.value;
      if (this.body() === body) form.dispatchEvent(new Event("kept:sent", { bubbles: true }));
      else this.again = true;
    } else if (response.status === 409) this.overtaken(answer);
    else this.tell("trouble", answer.error);
  }

  overtaken({ error, theirs, revision }) {
    this.stopped = true;
    this.theirRevision = revision;
    this.clash.querySelector("[data-error]").textContent = error;
    this.clash.querySelector("[data-theirs]").textContent = theirs;
    this.clash.querySelector("[data-pair]").hidden = false;
    this.clash.hidden = false;
    this.tell("trouble", form.dataset.waiting);
  }

  async keepMine() {
    if (!(await this.hold("take-over"))) return;
    if (this.theirRevision) this.base.value = this.theirRevision;
    Object.assign(this, { stopped: false, sent: null });
    this.clash.hidden = true;
    this.send();
  }

  takeTheirs() {
    form.dispatchEvent(new Event("kept:sent", { bubbles: true }));
    location.assign(form.dataset.here);
    location.reload();
  }

  // A range of a spreadsheet fills the cells from here on; rows and columns that are missing are added.
  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const cell = event.target.closest?.("td");
    if (!cell || !text.includes("\t")) return;
    event.preventDefault();
    const rows = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const top = cell.parentElement.rowIndex - (form.querySelector("thead") ? 1 : 0);
    rows.forEach((row, down) => row.forEach((words, across) => {
      this.cell(top + down, cell.cellIndex + across).value = words;
    }));
    this.changed();
  }

  cell(row, column) {
    const table = form.querySelector("tbody");
    const fresh = (td) => { const copy = td.cloneNode(true); copy.firstElementChild.value = ""; copy.firstElementChild.defaultValue = ""; return copy; };
    while (table.rows.length <= row) {
      const line = document.createElement("tr");
      for (const td of table.rows[0].cells) line.append(fresh(td));
      table.append(line);
    }
    const isFixed = form.querySelector("thead") !== null;
    const last = table.rows[0].cells.length - 1;
    const wanted = isFixed ? Math.min(column, last) : column;
    for (const line of table.rows) while (line.cells.length <= wanted) line.append(fresh(line.cells[0]));
    [...table.rows].forEach((line, r) => [...line.cells].forEach((td, c) => { td.firstElementChild.name = `cell-${r}-${c}`; }));
    return table.rows[row].cells[wanted].firstElementChild;
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
}

if (form) new Editor();
