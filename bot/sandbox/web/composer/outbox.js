/**
 * What is being sent, one after the other, so that the chat keeps its order. A letter is shown
 * at once as a pending message and replaced by the sandbox's, whichever comes first: the answer
 * to the upload or the event. A failed one stays, to be tried again or removed.
 */

import { send } from "../api.js";
import { t } from "../words.js";

let lastId = 0;

/** A pending message for these form fields. `size` is a photo's width and height. */
function draft(person, fields, size) {
  lastId += 1;
  const message = {
    message_id: `pending-${lastId}`, // real ids are numbers: both live in one map
    pending: true,
    date: Math.floor(Date.now() / 1000),
    from: { id: person, is_bot: false, first_name: "You" },
  };
  if (fields.text !== undefined) return { ...message, text: fields.text };
  if (fields.sticker) return { ...message, sticker: { emoji: fields.sticker } };
  if (fields.voice) return { ...message, voice: { duration: Number(fields.voice) } };
  if (fields.forward) return { ...message, text: t("Forwarding…") };
  const attached = fields.photo ?? fields.document;
  const url = URL.createObjectURL(attached);
  if (fields.photo && size) {
    const album = { media_group_id: fields.album, asPhoto: true };
    return { ...message, ...album, preview: url, photo: [{ url, ...size }], caption: fields.caption };
  }
  const document = { url, file_name: attached.name, file_size: attached.size, mime_type: attached.type };
  return { ...message, preview: url, document, caption: fields.caption, asPhoto: Boolean(fields.photo) };
}

/** Whether this message of mine can be what the sandbox made of the draft. */
function matches(message, fields) {
  if (fields.forward) return Boolean(message.forward_origin);
  if (fields.text !== undefined) return message.text === fields.text;
  if (fields.sticker || fields.voice) return Boolean(message.sticker || message.voice);
  return fields.photo ? Boolean(message.photo) : Boolean(message.document);
}

export class Outbox {
  #messages;
  #isOpen;
  #onSent;
  #letters = new Map(); // pending id → {person, fields, message, settled}
  #queue = [];
  #busy = false;

  /** `isOpen(letter)`: whether the chat that it goes to is on the page; `onSent()` after each success. */
  constructor(messages, { isOpen, onSent }) {
    this.#messages = messages;
    this.#isOpen = isOpen;
    this.#onSent = onSent;
  }

  post(person, chat, fields, size) {
    const message = { ...draft(person, fields, size), after: this.#messages.last };
    const letter = { person, chat, fields: { ...fields, chat }, message, settled: false };
    this.#letters.set(message.message_id, letter);
    this.#messages.put(message);
    this.#enqueue(letter);
  }

  retry(message) {
    const letter = this.#letters.get(message.message_id);
    letter.message = { ...letter.message, failed: undefined, after: this.#messages.last };
    this.#messages.put(letter.message);
    this.#enqueue(letter);
  }

  /** A photo that was refused goes as it is. */
  sendAsFile(message) {
    const { person, chat, fields } = this.#letters.get(message.message_id);
    this.discard(message);
    this.post(person, chat, { document: fields.photo });
  }

  discard(message) {
    this.#letters.delete(message.message_id);
    this.#messages.remove(message.message_id);
    if (message.preview) URL.revokeObjectURL(message.preview);
  }

  /** An event tells of a message of mine: if it is the one under way, it takes its draft's place. */
  claim(message) {
    const letter = this.#busy && this.#queue[0];
    if (!letter || letter.settled || letter.chat !== message.chat.id || letter.person !== message.from?.id || !matches(message, letter.fields)) return false;
    this.#settle(letter, message);
    return true;
  }

  /** Put what this person is still sending to this chat back on the page, after a change of chats. */
  restore(person, chat) {
    for (const letter of this.#letters.values()) {
      if (letter.person === person && letter.chat === chat && !letter.settled) this.#messages.put(letter.message);
    }
  }

  #enqueue(letter) {
    this.#queue.push(letter);
    if (!this.#busy) this.#run();
  }

  async #run() {
    this.#busy = true;
    while (this.#queue.length) {
      const [letter] = this.#queue;
      try {
        const message = await send(letter.person, letter.fields, (share) => this.#progress(letter, share));
        if (!letter.settled) this.#settle(letter, message);
        else if (this.#isOpen(letter)) this.#messages.put(message);
        this.#letters.delete(letter.message.message_id);
      } catch (error) {
        this.#fail(letter, error.message);
      }
      this.#queue.shift();
    }
    this.#busy = false;
  }

  #settle(letter, message) {
    letter.settled = true;
    this.#onSent();
    if (this.#isOpen(letter)) this.#messages.settle(letter.message.message_id, message);
  }

  #fail(letter, reason) {
    if (letter.settled) return; // it did arrive: only the answer was lost
    letter.message = { ...letter.message, failed: reason };
    if (this.#isOpen(letter)) this.#messages.put(letter.message);
  }

  #progress(letter, share) {
    if (!this.#isOpen(letter)) return;
    const article = this.#messages.find(letter.message.message_id);
    article?.style.setProperty("--progress", share.toFixed(3));
  }
}
