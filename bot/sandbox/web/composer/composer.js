/** The row where one writes, attaches and sends. */

import { byId } from "../dom.js";
import { t } from "../words.js";

const ALBUM_LIMIT = 10; // Bot API, sendMediaGroup
const CAPTION_LIMIT = 1024; // Bot API, sendPhoto

export class Composer {
  #field = byId("text");
  #send = byId("send");
  #menu = byId("attach-menu");
  #attach = byId("attach");
  #attachments;
  #commands;
  #onSend;

  /** `onSend(fields, size)` is called once for each message; `commands` completes "/". */
  constructor({ commands, onSend }) {
    this.#commands = commands;
    this.#onSend = onSend;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#listenToMenu();
  }

  /** Take the tray whose content goes along. */
  use(attachments) {
    this.#attachments = attachments;
    this.refresh();
  }

  /** Enable the send button if there is something to send. */
  refresh() {
    const filled = this.#attachments && !this.#attachments.empty;
    this.#send.disabled = !filled && !this.#field.value.trim();
    this.#field.placeholder = t(filled ? "Add a caption" : "Message");
    if (filled) this.focus();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  #typed() {
    this.#field.style.height = "auto";
    const { scrollHeight, offsetHeight, clientHeight } = this.#field;
    this.#field.style.height = `${scrollHeight + offsetHeight - clientHeight}px`;
    this.#field.style.overflowY = scrollHeight > 168 ? "auto" : "hidden";
    this.#commands.complete(this.#field.value);
    this.refresh();
  }

  #key(event) {
    if (this.#commands.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#field.value.trim();
    const items = this.#attachments.take();
    if (!text && !items.length) return;
    this.#field.value = "";
    this.#typed();
    const caption = items.length && text.length <= CAPTION_LIMIT ? text : "";
    if (text && !caption) this.#onSend({ text });
    const photos = items.filter(({ field }) => field === "photo");
    items.forEach((item, i) => {
      const fields = { [item.field]: item.file, caption: i === 0 ? caption : undefined };
      if (item.field === "photo" && photos.length > 1) {
        const place = photos.indexOf(item);
        fields.album = this.#album(photos, place);
        fields.album_size = Math.min(ALBUM_LIMIT, photos.length - (place - (place % ALBUM_LIMIT)));
      }
      this.#onSend(fields, item.size);
    });
    this.focus();
  }

  /** The album's id for the photo at this place: a new album begins after ten photos. */
  #album(photos, index) {
    const first = photos[index - (index % ALBUM_LIMIT)];
    first.album ??= String(Math.floor(Math.random() * 2 ** 52));
    return first.album;
  }

  #listenToMenu() {
    const open = (shown) => {
      this.#menu.hidden = !shown;
      this.#attach.setAttribute("aria-expanded", String(shown));
    };
    this.#attach.addEventListener("click", () => {
      open(this.#menu.hidden);
      if (!this.#menu.hidden) byId("attach-photo").focus({ focusVisible: false });
    });
    byId("attach-photo").addEventListener("click", () => { open(false); byId("photo-input").click(); });
    byId("attach-file").addEventListener("click", () => { open(false); byId("file-input").click(); });
    for (const id of ["attach-voice", "attach-sticker"]) byId(id).addEventListener("click", () => open(false));
    this.#menu.addEventListener("keydown", (event) => {
      const items = [...this.#menu.querySelectorAll("button")];
      const place = items.indexOf(document.activeElement);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") items[(place + 1) % items.length].focus();
      else if (event.key === "Escape") { open(false); this.#attach.focus(); }
      else return;
      event.preventDefault();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.#menu.contains(target) && !this.#attach.contains(target)) open(false);
    });
  }
}
