/**
 * The list of messages on the page. Messages are kept by id, laid out in their order, and only
 * only what changed is redrawn, so an edit happens in place and the scroll position stays.
 */

import { bubble } from "./bubble.js";
import { element } from "../dom.js";
import { motion } from "./scroll.js";
import { t } from "../words.js";

const RUN_SECONDS = 300; // messages of one author closer than this stand together
const day = () => new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });

const dayOf = (message) => new Date(message.date * 1000).toDateString();

/** Whether the sandbox's message says what we show already; our own preview does not count. */
const same = (shown, message) => JSON.stringify({ ...shown, preview: undefined }) === JSON.stringify(message);

/**
 * Pending messages (not yet taken by the sandbox) stand at the end, in the order of sending. One that
 * failed stays where it was sent: after the message that was the last one then.
 */
function placeOf(message) {
  if (!message.pending) return message.message_id;
  return message.failed ? message.after + 0.5 : Infinity;
}

function byPlace(a, b) {
  const [first, second] = [placeOf(a), placeOf(b)];
  return first === second ? 0 : first - second;
}

/** Messages gathered into bubbles: neighbours of one album share one. */
function gather(messages) {
  const bubbles = [];
  for (const message of messages) {
    const previous = bubbles.at(-1)?.at(-1);
    if (message.media_group_id && message.media_group_id === previous?.media_group_id) bubbles.at(-1).push(message);
    else bubbles.push([message]);
  }
  return bubbles;
}

export class Messages {
  #column;
  #scroll;
  #context;
  #messages = new Map(); // id → message
  #drawn = new Map(); // first id of a bubble → {messages, node}
  #days = new Map(); // day → its separator

  /** `column` takes the bubbles, `scroll` keeps the place, `context` is bubble.js's. */
  constructor(column, scroll, context) {
    this.#column = column;
    this.#scroll = scroll;
    this.#context = context;
  }

  get size() {
    return this.#messages.size;
  }

  /** The messages with photos, in order. */
  photos() {
    return [...this.#messages.values()].filter((message) => message.photo).sort(byPlace);
  }

  get(id) {
    return this.#messages.get(id);
  }

  has(id) {
    return this.#messages.has(id);
  }

  /** Forget all, for another person's chat. */
  clear() {
    this.#messages.clear();
    this.#layout(false);
  }

  /** Show exactly these, besides what is still being sent; what did not change is not touched. */
  replace(messages) {
    const kept = [...this.#messages.values()].filter((message) => message.pending);
    const before = this.#messages;
    this.#messages = new Map();
    for (const message of [...messages, ...kept]) {
      const old = before.get(message.message_id);
      this.#messages.set(message.message_id, old && same(old, message) ? old : message);
    }
    this.#layout(false);
  }

  /** The id of the last message that the sandbox knows; 0 without any. */
  get last() {
    return Math.max(0, ...[...this.#messages.keys()].filter(Number.isFinite));
  }

  /** Add the message, or put it in the place of its older version. */
  put(message) {
    const old = this.#messages.get(message.message_id);
    if (old && same(old, message)) return;
    this.#messages.set(message.message_id, old?.preview ? { preview: old.preview, ...message } : message);
    this.#layout(true);
  }

  /** Replace a pending message by the one that the sandbox made of it. */
  settle(pendingId, message) {
    const preview = this.#messages.get(pendingId)?.preview;
    this.#messages.delete(pendingId);
    this.#messages.set(message.message_id, preview ? { preview, ...message } : message);
    this.#layout(false);
  }

  remove(id) {
    if (this.#messages.delete(id)) this.#layout(false);
  }

  /** The element of a message: its bubble's article, or its cell in an album. */
  find(id) {
    return this.#column.querySelector(`[data-message="${CSS.escape(String(id))}"]`);
  }

  /** Scroll to a message and let it glow; false if it is not here any more. */
  jump(id) {
    const node = this.find(id)?.closest(".message");
    if (!node) return false;
    node.scrollIntoView({ block: "center", behavior: motion() });
    node.classList.add("message--found");
    setTimeout(() => node.classList.remove("message--found"), 1600);
    return true;
  }

  #layout(animate) {
    this.#scroll.keep(() => {
      const bubbles = gather([...this.#messages.values()].sort(byPlace));
      const drawn = new Map();
      const nodes = [];
      let previous;
      for (const messages of bubbles) {
        const [first] = messages;
        if (!previous || dayOf(previous) !== dayOf(first)) nodes.push(this.#separator(first));
        const entry = this.#draw(messages, animate);
        drawn.set(first.message_id, entry);
        nodes.push(entry.node);
        previous = messages.at(-1);
      }
      this.#drawn = drawn;
      this.#place(nodes);
      this.#markRuns(bubbles);
    });
  }

  #separator(message) {
    const key = `${dayOf(message)} ${document.documentElement.lang}`;
    if (!this.#days.has(key)) {
      const today = dayOf(message) === new Date().toDateString();
      this.#days.set(key, element("p", { class: "day", text: today ? t("Today") : day().format(message.date * 1000) }));
    }
    return this.#days.get(key);
  }

  #draw(messages, animate) {
    const old = this.#drawn.get(messages[0].message_id);
    const unchanged = old && old.messages.length === messages.length && messages.every((message, i) => message === old.messages[i]);
    if (unchanged) return old;
    const images = new Map([...(old?.node.querySelectorAll(".photo img") ?? [])].map((image) => [image.getAttribute("src"), image]));
    const focus = old?.node.contains(document.activeElement) && document.activeElement.dataset.focus;
    const node = bubble(messages, { ...this.#context, images });
    if (old) old.node.replaceWith(node);
    else if (animate) node.classList.add("message--new");
    if (focus) node.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    return { messages, node };
  }

  /** Bring the column's children into this order, moving none that stands right. */
  #place(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.#column.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, i) => {
      const there = this.#column.children[i] ?? null;
      if (there !== node) this.#column.insertBefore(node, there);
    });
  }

  #markRuns(bubbles) {
    const together = (a, b) =>
      a && b && a.at(-1).from?.id === b[0].from?.id && dayOf(a.at(-1)) === dayOf(b[0]) && b[0].date - a.at(-1).date < RUN_SECONDS;
    bubbles.forEach((messages, i) => {
      const { node } = this.#drawn.get(messages[0].message_id);
      if (!node.classList.contains("message")) return;
      node.classList.toggle("message--first", !together(bubbles[i - 1], messages));
      node.classList.toggle("message--last", !together(messages, bubbles[i + 1]));
    });
  }
}
