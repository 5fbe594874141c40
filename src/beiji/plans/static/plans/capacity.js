// The sheet of a hospital's capacities, by keyboard as in a spreadsheet. A cell that is left is sent as one operation; what the server
// has not taken stays in its field and in this browser (ui/keeping.js). Without this script the page is a form.
const form = document.querySelector("[data-capacity]");
const FIRST_WAIT_MS = 2000; // assumption: doubles with each try that finds no server
const LONGEST_WAIT_MS = 60_000;

const cells = form ? [...form.querySelectorAll("input[data-row]")] : [];
const boxOf = (cell) => cell.closest(".capacity-cell");
const line = (kind) => form.closest(".capacity").querySelector(`[data-${kind}]`);
const waiting = new Map(); // cell → the operation that is on its way; the same one until it arrives, so that it counts once
const refused = new Map(); // cell → what was refused there; it is not sent again until it is written again
let editing = false; // arrows move inside the field after F2 or a click into it
let sending = false;
let wait = FIRST_WAIT_MS;
let timer;

function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(now / 2 ** (40 - 8 * i)) % 256;
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function tell(state, words) {
  const said = line("said");
  said.dataset.state = state;
  said.textContent = words;
}

function mark(cell, state) {
  boxOf(cell).dataset.state = state;
  if (state === "trouble") cell.setAttribute("aria-invalid", "true");
  else cell.removeAttribute("aria-invalid");
}

function queue(cell, again = false) {
  if (!again && cell.value === cell.defaultValue) {
    waiting.delete(cell);
    mark(cell, "");
    return;
  }
  if (!again && refused.get(cell) === cell.value) return;
  refused.delete(cell);
  const known = form.elements.known.value;
  const before = waiting.get(cell);
  if (before?.typed === cell.value && before.known === known) return;
  waiting.set(cell, { operation: uuid7(), place: cell.name, typed: cell.value, known, base: cell.dataset.base });
  mark(cell, "waiting");
  tell("", form.dataset.waiting);
  send();
}

function later(words) {
  tell("trouble", words);
  clearTimeout(timer);
  timer = setTimeout(send, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

async function post(operation) {
  return fetch(form.dataset.capacity, {
    method: "POST", redirect: "manual", body: JSON.stringify(operation),
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
  });
}

async function send() {
  if (sending || !waiting.size) return;
  sending = true;
  let goOn = true;
  while (goOn && waiting.size) {
    const [cell, operation] = waiting.entries().next().value;
    goOn = await one(cell, operation);
  }
  sending = false;
}

// Sends one cell; false when the server cannot be reached now.
async function one(cell, operation) {
  try {
    const response = await post(operation);
    if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) {
      later(form.dataset.signedOut);
      return false;
    }
    if (response.status >= 500) throw new Error("later");
    answered(cell, operation, await response.json());
    wait = FIRST_WAIT_MS;
    return true;
  } catch {
    later(form.dataset.offline);
    return false;
  }
}

function answered(cell, operation, answer) {
  const isLast = waiting.get(cell) === operation;
  if (isLast) waiting.delete(cell);
  if (answer.number !== undefined) cell.dataset.base = answer.number;
  if (answer.mark !== undefined) {
    boxOf(cell).querySelector("[data-mark]").textContent = answer.kept ? answer.mark : `${answer.value} ${answer.mark}`;
    boxOf(cell).dataset.known = answer.known;
  }
  if (!answer.kept) {
    if (isLast) mark(cell, "trouble");
    refused.set(cell, operation.typed);
    tell("trouble", answer.error);
    return;
  }
  cell.defaultValue = answer.value;
  if (isLast) {
    cell.value = answer.value;
    mark(cell, "");
  } else {
    waiting.get(cell).base = answer.number;
  }
  line("filled").textContent = answer.filled;
  line("asked").replaceChildren(...answer.asked.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  if (!waiting.size) {
    tell("kept", answer.said);
    if (cells.every((other) => other.value === other.defaultValue)) form.dispatchEvent(new Event("kept:sent", { bubbles: true }));
  }
}

// The next cell in a direction, over places that are not asked.
function beside(cell, down, along) {
  let row = Number(cell.dataset.row);
  let column = Number(cell.dataset.column);
  for (let step = 0; step < 20; step += 1) {
    row += down;
    column += along;
    const next = cells.find((other) => Number(other.dataset.row) === row && Number(other.dataset.column) === column);
    if (next) return next;
  }
  return null;
}

function go(cell) {
  if (!cell) return;
  cell.focus();
  cell.select();
}

function key(event) {
  const cell = event.target;
  if (!cells.includes(cell) || event.altKey || event.metaKey || event.isComposing) return;
  const forward = getComputedStyle(cell).direction === "rtl" ? -1 : 1;
  const moves = { ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  if (!editing) Object.assign(moves, { ArrowRight: [0, forward], ArrowLeft: [0, -forward] });
  if (event.key === "Enter") {
    event.preventDefault();
    if (event.ctrlKey && cell.value) queue(cell, true);
    else go(beside(cell, event.shiftKey ? -1 : 1, 0) ?? cell);
  } else if (event.key === "Escape") {
    cell.value = cell.defaultValue;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    queue(cell);
    cell.select();
    editing = false;
  } else if (event.key === "F2") {
    editing = true;
    cell.setSelectionRange(cell.value.length, cell.value.length);
  } else if (moves[event.key] && !event.ctrlKey && !event.shiftKey) {
    event.preventDefault();
    go(beside(cell, ...moves[event.key]));
  }
}

// A range goes in as a block, read by the server like every other number; a single number is typed.
function paste(event) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!cells.includes(event.target) || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const block = document.querySelector("[data-block]");
  block.elements.block.value = text;
  block.elements.start.value = event.target.name;
  block.elements.known.value = form.elements.known.value;
  block.requestSubmit();
}

if (form) {
  form.addEventListener("keydown", key);
  form.addEventListener("paste", paste);
  form.addEventListener("focusin", (event) => {
    editing = false;
    if (cells.includes(event.target)) event.target.select();
  });
  form.addEventListener("dblclick", () => { editing = true; });
  form.addEventListener("change", (event) => cells.includes(event.target) && queue(event.target));
  form.addEventListener("focusout", (event) => cells.includes(event.target) && queue(event.target));
  form.addEventListener("kept:filled", () => cells.forEach((cell) => queue(cell)));
  form.elements.known.addEventListener("change", () => {
    const block = document.querySelector("[data-block]");
    if (block) block.elements.known.value = form.elements.known.value;
  });
  form.addEventListener("submit", (event) => { // every cell is sent by itself; what the page shows of others may be old
    event.preventDefault();
    cells.forEach((cell) => queue(cell));
    send();
  });
  addEventListener("online", send);
  addEventListener("beforeunload", (event) => waiting.size && event.preventDefault());
  cells.forEach((cell) => queue(cell)); // numbers that were kept in this browser came back before this script was there
}
