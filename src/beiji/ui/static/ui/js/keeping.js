// What somebody typed outlives a session that ends, a switch of the language and a reload: it is kept on this device, for
// this person and this page, until the server has taken it or the person signs out. Any form or group takes part that
// carries data-keep="name"; a script that sends a form itself says so with the event "kept:sent" on it.
const PREFIX = "beiji.kept.";
const COOKIE = "beiji_taken"; // set by beiji.ui.kept when a form was taken; holds the form's token
const DAYS = 14; // assumption: what nobody came back to for two weeks is not wanted any more
const person = document.body.dataset.person;
const here = () => `${PREFIX}${person}.${location.pathname}#`;

function entries(prefix) {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
}
function read(key) {
  try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
}
function write(key, entry) {
  try { localStorage.setItem(key, JSON.stringify(entry)); } catch { /* a full or closed store keeps nothing */ }
}
function drop(key) {
  try { localStorage.removeItem(key); } catch { /* nothing is kept there */ }
}

const keyOf = (place) => here() + (place.dataset.keep || place.getAttribute("action") || "");
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const nameOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);

function fieldsOf(place) {
  const fields = [...place.querySelectorAll("input[name], textarea[name], select[name]")];
  return fields.filter((field) => !["hidden", "password", "file", "submit", "button"].includes(field.type));
}
function isTyped(field) { return field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && !isChoice(field)); }

function keep(place) {
  const fields = fieldsOf(place);
  if (!fields.some((field) => isTyped(field) && field.value !== field.defaultValue)) { drop(keyOf(place)); return; }
  const values = Object.fromEntries(fields.map((field) => [nameOf(field), isChoice(field) ? field.checked : field.value]));
  const base = Object.fromEntries(fields.filter(isTyped).map((field) => [field.name, field.defaultValue]));
  const texts = Object.fromEntries(fields.filter((field) => field.closest("[data-picker]")).map((field) => [field.name, field.selectedOptions?.[0]?.text]));
  write(keyOf(place), { at: Date.now(), values, base, texts });
}

function fill(place, { values, texts }) {
  for (const field of fieldsOf(place)) {
    const value = values[nameOf(field)];
    if (value === undefined) continue;
    const isThere = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);
    if (!isThere && texts?.[field.name]) field.add(new Option(texts[field.name], value)); // a person whom the page did not bring
    if (isChoice(field)) field.checked = value;
    else if (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value)) field.value = value;
  }
  place.dispatchEvent(new Event("kept:filled"));
}

function restore(place) {
  const key = keyOf(place);
  const entry = read(key);
  if (!entry?.values) return;
  const typed = fieldsOf(place).filter(isTyped);
  // A page that came back with an error, or already shows these words, needs nothing.
  if (typed.every((field) => (entry.values[field.name] ?? field.value) === field.value)) return;
  const isSame = typed.every((field) => (entry.base[field.name] ?? field.defaultValue) === field.defaultValue);
  if (isSame) fill(place, entry);
  tell(place, key, entry, isSame);
}

// Says that the words are back; where the page itself has changed meanwhile, they are offered and nothing is overwritten.
function tell(place, key, entry, isBack) {
  const template = document.querySelector("template[data-kept]");
  if (!template) return;
  const notice = template.content.firstElementChild.cloneNode(true);
  const put = notice.querySelector("[data-put]");
  const draw = (back) => {
    notice.querySelector("[data-back]").hidden = !back;
    notice.querySelector("[data-offered]").hidden = back;
    put.hidden = back;
  };
  put.addEventListener("click", () => { fill(place, entry); draw(true); });
  notice.querySelector("[data-drop]").addEventListener("click", () => {
    for (const field of fieldsOf(place)) {
      if (isTyped(field)) field.value = field.defaultValue;
      else if (isChoice(field)) field.checked = field.defaultChecked;
    }
    drop(key);
    notice.remove();
  });
  draw(isBack);
  place.prepend(notice);
  const folded = place.closest("details");
  if (folded) folded.open = true;
}

// The server names the form that it has taken; only then are its words forgotten.
function forgetTaken() {
  const taken = document.cookie.match(new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]+)`))?.[1];
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const key of entries(PREFIX)) {
    const entry = read(key);
    if (!entry || entry.at < oldest || (taken && entry.token === taken)) drop(key);
  }
  if (taken) document.cookie = `${COOKIE}=; Max-Age=0; Path=/; SameSite=Lax`;
}

if (person) {
  forgetTaken();
  for (const place of document.querySelectorAll("[data-keep]")) restore(place);
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const place = event.target.closest?.("[data-keep]");
      if (place) keep(place);
    });
  }
  document.addEventListener("kept:sent", (event) => {
    drop(keyOf(event.target));
    event.target.querySelector("[data-notice]")?.remove();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) {
      for (const key of entries(`${PREFIX}${person}.`)) drop(key);
      return;
    }
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-keep]") || !read(keyOf(form))) return;
    const token = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    write(keyOf(form), { ...read(keyOf(form)), token });
    const field = form.querySelector("[name=kept_token]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "kept_token" }));
    field.value = token;
  });
}
