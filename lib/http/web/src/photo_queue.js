// Photos that wait for the server, in the browser's own store: they are there after a reload, and are sent once.

const k_store = "photos";
const k_most = 300; // then the oldest are forgotten: a browser has no room for a day of them

function open(name) {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(k_store, { keyPath: "id", autoIncrement: true });
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new Error("another tab holds the queue"));
    });
}

function done(transaction) {
    return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("the browser's store is full"));
    });
}

const answer = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});

/// "changed" when the number of photos has changed.
export class PhotoQueue extends EventTarget {
    #name;
    #base = null;

    constructor(name) {
        super();
        this.#name = name;
    }

    async #database() {
        this.#base ??= await open(this.#name);
        return this.#base;
    }

    /// How many of `owner` wait.
    async size(owner) {
        return (await this.#of(owner)).length;
    }

    /// photo: {blob, takenAt, source, owner}. Kept when this returns.
    async add(photo) {
        const transaction = (await this.#database()).transaction(k_store, "readwrite");
        const store = transaction.objectStore(k_store);
        const keys = await answer(store.getAllKeys());
        for (const key of keys.slice(0, Math.max(0, keys.length + 1 - k_most))) store.delete(key);
        store.add(photo);
        await done(transaction);
        this.dispatchEvent(new Event("changed"));
    }

    async #of(owner) {
        const base = await this.#database();
        const all = await answer(base.transaction(k_store).objectStore(k_store).getAll());
        return all.filter((photo) => photo.owner === owner);
    }

    async #remove(id) {
        const transaction = (await this.#database()).transaction(k_store, "readwrite");
        transaction.objectStore(k_store).delete(id);
        await done(transaction);
        this.dispatchEvent(new Event("changed"));
    }

    /// The oldest first, by one tab at a time; only those of `owner`. send(photo) returns true when the photo is dealt with, false when
    /// it stays and the next one has its turn; when it throws, the photo and all behind it stay.
    async flush(owner, send) {
        const run = async () => {
            for (const photo of await this.#of(owner)) {
                if (await send(photo)) await this.#remove(photo.id);
            }
        };
        if (!navigator.locks) return run();
        return navigator.locks.request(this.#name, { ifAvailable: true }, (lock) => (lock ? run() : undefined));
    }
}
