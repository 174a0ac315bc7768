/**
 * A person's stream of events. On each (re)connection `load` runs first; what arrives meanwhile
 * is kept and told afterwards, so that nothing falls between history and stream.
 */

import { eventsUrl } from "./api.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;

export class Connection {
  #person;
  #handlers;
  #source;
  #retry = FIRST_RETRY_MS;
  #timer;
  #closed = false;

  /** `handlers`: `load()` (async), `tell(event)`, `lost()`, `found()`. */
  constructor(person, handlers) {
    this.#person = person;
    this.#handlers = handlers;
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #connect() {
    const source = new EventSource(eventsUrl(this.#person));
    this.#source = source;
    let kept = [];
    source.addEventListener("message", ({ data }) => {
      const event = JSON.parse(data);
      if (kept) kept.push(event);
      else this.#handlers.tell(event);
    });
    source.addEventListener("open", async () => {
      try {
        await this.#handlers.load();
      } catch {
        this.#again(source);
        return;
      }
      if (this.#closed || source !== this.#source) return;
      this.#retry = FIRST_RETRY_MS;
      this.#handlers.found();
      for (const event of kept) this.#handlers.tell(event);
      kept = null;
    });
    source.addEventListener("error", () => this.#again(source));
  }

  /** The browser's own retry gives up on an error answer; this one does not. */
  #again(source) {
    source.close();
    if (this.#closed || source !== this.#source) return;
    this.#handlers.lost();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), this.#retry);
    this.#retry = Math.min(LAST_RETRY_MS, this.#retry * 2);
  }
}
