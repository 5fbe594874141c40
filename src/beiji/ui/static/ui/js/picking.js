// A field that chooses a person asks the server as one types. The list that the page brought stays underneath as what is
// sent; the field above it becomes a combobox. Without script both stay as they are, and the form itself is sent to search.
const PAUSE_MS = 200;

class Picker {
  constructor(place) {
    this.place = place;
    this.address = place.dataset.picker;
    this.list = place.querySelector("select");
    this.input = place.querySelector("input");
    this.box = place.querySelector(".picker-list");
    this.status = place.querySelector("[role=status]");
    this.dress();
    this.show();
    this.listen();
  }

  /** The input takes the list's place: its id, so that label and error lead here, and what is said of it. */
  dress() {
    const { list, input } = this;
    input.type = "text";
    input.removeAttribute("name"); // the server need not search
    input.removeAttribute("aria-label");
    input.id = list.id;
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (list.hasAttribute(name)) input.setAttribute(name, list.getAttribute(name));
    }
    if (list.required) input.setAttribute("aria-required", "true");
    list.removeAttribute("id");
    list.required = false;
    list.hidden = true;
    this.box.id = `${input.id}-answers`;
    const said = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.box.id };
    for (const [name, value] of Object.entries(said)) input.setAttribute(name, value);
  }

  get words() { return this.list.value ? this.list.selectedOptions[0].text : ""; }
  get options() { return [...this.box.querySelectorAll("[role=option]")]; }
  get active() { return this.box.querySelector("[aria-selected=true]"); }

  /** The name of whoever is chosen. */
  show() { this.input.value = this.words; }

  async ask() {
    this.asking?.abort();
    this.asking = new AbortController();
    const search = this.input.value === this.words ? "" : this.input.value;
    const query = new URLSearchParams({ q: search });
    try {
      const answer = await fetch(`${this.address}?${query}`, { signal: this.asking.signal });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      this.open(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.open("");
      this.say(this.place.dataset.failed);
    }
  }

  open(markup) {
    this.box.replaceChildren(...new DOMParser().parseFromString(markup, "text/html").body.childNodes);
    const list = this.box.querySelector("ul");
    if (list) {
      list.setAttribute("role", "listbox");
      list.id = `${this.input.id}-list`;
      list.setAttribute("aria-label", this.input.labels[0]?.textContent.trim() ?? this.input.placeholder);
      this.input.setAttribute("aria-controls", list.id);
      list.hidden = this.options.length === 0;
    }
    for (const [place, option] of this.options.entries()) option.id = `${this.input.id}-${place}`;
    this.say(this.box.querySelector("p")?.textContent ?? "");
    this.box.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options.length > 0));
  }

  say(sentence) {
    this.status.textContent = sentence;
    if (!this.box.querySelector("p")) this.box.append(Object.assign(document.createElement("p"), { className: "meta", textContent: sentence }));
  }

  close() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.box.hidden = true;
    this.box.replaceChildren();
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(option) {
    this.active?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  step(by) {
    const { options, active } = this;
    if (options.length) this.mark(options[(options.indexOf(active) + by + (active || by > 0 ? 0 : 1) + options.length) % options.length]);
  }

  choose(value, words) {
    if (value && ![...this.list.options].some((option) => option.value === value)) this.list.add(new Option(words, value));
    this.list.value = value;
    this.list.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
    this.close();
  }

  /** What stands in the field when it is left: nothing is nobody, an only answer is meant, else the choice stays as it was. */
  leave() {
    const typed = this.input.value.trim();
    const [only, another] = this.options;
    if (!typed) { if (this.list.value) this.choose("", ""); }
    else if (typed !== this.words && only && !another) this.choose(only.dataset.value, only.dataset.words);
    this.show();
    this.close();
  }

  listen() {
    const { input, box } = this;
    const typed = () => { clearTimeout(this.waiting); this.waiting = setTimeout(() => this.ask(), PAUSE_MS); };
    input.addEventListener("input", (event) => { if (!event.isComposing) typed(); }); // pinyin is not yet a name
    input.addEventListener("compositionend", typed);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("click", () => { if (box.hidden) this.ask(); });
    input.addEventListener("blur", () => this.leave());
    input.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option.dataset.value, option.dataset.words);
    });
    this.place.closest("form")?.addEventListener("kept:filled", () => this.show());
  }

  key(event) {
    if (event.isComposing) return;
    const { box, active } = this;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (box.hidden) this.ask();
      else this.step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !box.hidden) {
      event.preventDefault();
      const option = active ?? (this.input.value.trim() ? this.options[0] : null);
      if (option) this.choose(option.dataset.value, option.dataset.words);
    } else if (event.key === "Escape" && !box.hidden) {
      event.preventDefault();
      this.show();
      this.close();
    }
  }
}

for (const place of document.querySelectorAll("[data-picker]")) new Picker(place);
