// Photographs wait in the browser's database until they are sent; then the operation that attaches them joins the queue.
import { openStore } from "../ui/js/offline/store.js";
import { inContact, token, TRIES, uuid7 } from "./queue.js";

const photographs = openStore("beiji-files", "files");

export class Files {
  constructor({ visit, person, files }, { onKept, onRefused, onChange }) {
    Object.assign(this, { visit, person, url: files, onKept, onRefused, onChange, count: 0, loose: [], refused: [], waiting: [], busy: true });
    addEventListener("online", () => this.send());
  }

  async all() {
    const kept = await photographs.all();
    return [...kept.filter((one) => one.visit === this.visit && one.person === this.person), ...this.loose];
  }

  // Is there a photograph for which the device had no room, so that this page alone has it?
  get isLoose() { return this.loose.length > 0; }

  // Photographs that the server did not take: kept on this device until somebody sends them again or deletes them.
  aside() { return this.refused; }

  async look() {
    const all = await this.all();
    this.refused = all.filter((one) => one.refused);
    this.count = all.length;
    this.waiting = all;
    this.onChange();
    return all.filter((one) => !one.refused);
  }

  async keep(one) {
    this.loose = this.loose.filter((other) => other.id !== one.id);
    try {
      if (!(await photographs.put(one))) this.loose.push(one);
    } catch { this.loose.push(one); }
  }

  async add(indicator, file) {
    await this.keep({ id: uuid7(), visit: this.visit, person: this.person, indicator, file, name: file.name });
    return this.send();
  }

  async discard(id) {
    this.loose = this.loose.filter((other) => other.id !== id);
    await photographs.remove(id);
    await this.look();
  }

  async retry({ refused, tried, ...one }) {
    await this.keep(one);
    return this.send();
  }

  async post(one) {
    const body = new FormData();
    body.append("file", one.file, one.name);
    body.append("indicator", one.indicator);
    body.append("person", this.person);
    try {
      return await this.sent({ method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": token() } });
    } catch { return null; } // no network: it stays
  }

  async sent(request) {
    const response = await fetch(this.url, request);
    if (response.status < 502) inContact();
    return response;
  }

  async send() {
    if (this.sending) { this.again = true; return; }
    this.sending = this.busy = true;
    this.again = false;
    clearTimeout(this.timer);
    let later = false;
    for (const one of await this.look()) {
      const response = await this.post(one);
      if (response?.ok) {
        const { id } = await response.json();
        await this.discard(one.id);
        this.onKept(one.indicator, id, one.name);
      } else if ([400, 413, 422, 500].includes(response?.status)) { // this photograph, not the network: the next may pass
        const { error = " " } = await response.json().catch(() => ({}));
        const tried = (one.tried ?? 0) + 1;
        const wait = response.status === 500 && tried < TRIES;
        later ||= wait;
        await this.keep(wait ? { ...one, tried } : { ...one, refused: error });
        if (!wait) this.onRefused(one.name, error);
      } else {
        later = true;
        break;
      }
    }
    if (later) this.timer = setTimeout(() => this.send(), 15_000);
    this.sending = this.busy = false;
    await this.look();
    if (this.again) this.send();
  }
}
