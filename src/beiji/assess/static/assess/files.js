// Photographs wait in the browser's database until they are sent; then the operation that attaches them joins the queue.
import { token, uuid7 } from "./queue.js";

const opened = new Promise((resolve) => {
  try {
    const request = indexedDB.open("beiji-files", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  } catch { resolve(null); }
});

async function inStore(mode, act) {
  const database = await opened;
  if (!database) return null;
  return new Promise((resolve, reject) => {
    const request = act(database.transaction("files", mode).objectStore("files"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Files {
  constructor({ visit, person, files }, { onKept, onRefused, onChange }) {
    Object.assign(this, { visit, person, url: files, onKept, onRefused, onChange, count: 0, loose: [] });
    addEventListener("online", () => this.send());
  }

  async waiting() {
    const kept = ((await inStore("readonly", (store) => store.getAll())) ?? []);
    return [...kept.filter((one) => one.visit === this.visit && one.person === this.person), ...this.loose];
  }

  async add(indicator, file) {
    const one = { id: uuid7(), visit: this.visit, person: this.person, indicator, file, name: file.name };
    try {
      if (!(await inStore("readwrite", (store) => store.put(one)))) this.loose.push(one);
    } catch { this.loose.push(one); }
    return this.send();
  }

  async drop(one) {
    this.loose = this.loose.filter((other) => other.id !== one.id);
    await inStore("readwrite", (store) => store.delete(one.id));
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    for (const one of await this.waiting()) {
      this.count = (await this.waiting()).length;
      this.onChange();
      const body = new FormData();
      body.append("file", one.file, one.name);
      body.append("indicator", one.indicator);
      let response = null;
      try {
        response = await fetch(this.url, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": token() } });
      } catch { /* no network: it stays */ }
      if (response?.ok) {
        const { id } = await response.json();
        await this.drop(one);
        this.onKept(one.indicator, id, one.name);
      } else if (response?.status === 422 || response?.status === 413) { // 413: larger than the server takes at all
        await this.drop(one);
        this.onRefused((await response.json()).error);
      } else {
        this.timer = setTimeout(() => this.send(), 15_000);
        break;
      }
    }
    this.count = (await this.waiting()).length;
    this.sending = false;
    this.onChange();
  }
}
