// The browser's own database: what is put here is on the disk when the promise is kept, so it survives a crash. A browser
// that has none answers with nothing; whoever asks then keeps things elsewhere.
export function openStore(database, store, keyPath = "id") {
  const opened = new Promise((resolve) => {
    try {
      const request = indexedDB.open(database, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath });
      request.onsuccess = () => { request.result.onversionchange = () => request.result.close(); resolve(request.result); };
      request.onerror = () => resolve(null);
    } catch { resolve(null); }
  });

  async function act(mode, what) {
    const base = await opened;
    if (!base) return null;
    return new Promise((resolve, reject) => {
      const work = base.transaction(store, mode, { durability: "strict" });
      const request = what(work.objectStore(store));
      work.oncomplete = () => resolve(request.result ?? null);
      work.onabort = () => reject(work.error ?? request.error);
    });
  }

  return {
    // Raises what the browser raises where there is no room; false where it has no database.
    put: async (value) => (await act("readwrite", (rows) => rows.put(value))) !== null,
    remove: (key) => act("readwrite", (rows) => rows.delete(key)),
    all: async () => (await act("readonly", (rows) => rows.getAll())) ?? [],
  };
}
