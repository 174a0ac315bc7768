/** The tray of what is about to be sent, and the ways into it: dialogue, drop, clipboard. */

import { byId, element, icon } from "../dom.js";
import { sizeInWords } from "../messages/media.js";
import { toast } from "../notice.js";
import { t } from "../words.js";

const count = (number, one, several) => `${number} ${t(number === 1 ? one : several)}`;

/** Width and height of a picture; undefined if the browser cannot show it. */
async function measure(url) {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return undefined;
  }
}

export class Attachments {
  #tray = byId("tray");
  #list = byId("tray-items");
  #asFile = byId("tray-as-file");
  #items = []; // {file, url, size}
  #onChange;

  /** `onChange()` is called whenever the tray fills or empties. */
  constructor(onChange) {
    this.#onChange = onChange;
    byId("tray-clear").addEventListener("click", () => this.clear());
    this.#asFile.addEventListener("change", () => this.#draw());
    this.#listenToInput("photo-input", false);
    this.#listenToInput("file-input", true);
    this.#listenToDrop();
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.add(files, false);
    });
  }

  get empty() {
    return this.#items.length === 0;
  }

  /** Put files into the tray; `asFile` sends pictures just as they are. */
  async add(files, asFile) {
    const full = files.filter((file) => file.size > 0);
    if (full.length < files.length) toast(t("Folders and empty files cannot be sent."));
    if (!full.length) return;
    const items = await Promise.all(full.map(async (file) => {
      const url = URL.createObjectURL(file);
      return { file, url, size: file.type.startsWith("image/") ? await measure(url) : undefined };
    }));
    if (this.empty) this.#asFile.checked = asFile;
    this.#items.push(...items);
    this.#draw();
  }

  /** Empty the tray; gives `[{field: "photo" | "document", file, size}]`, photos first. */
  take() {
    const taken = this.#items.map((item) => ({ field: this.#isPhoto(item) ? "photo" : "document", file: item.file, size: item.size }));
    this.clear();
    return taken.sort((a, b) => b.field.localeCompare(a.field));
  }

  clear() {
    for (const { url } of this.#items) URL.revokeObjectURL(url);
    this.#items = [];
    this.#draw();
  }

  #isPhoto({ file }) {
    return file.type.startsWith("image/") && !this.#asFile.checked;
  }

  #draw() {
    this.#tray.hidden = this.empty;
    this.#list.replaceChildren(...this.#items.map((item) => this.#row(item)));
    const photos = this.#items.filter((item) => this.#isPhoto(item)).length;
    const files = this.#items.length - photos;
    const bytes = sizeInWords(this.#items.reduce((sum, { file }) => sum + file.size, 0));
    const parts = [photos && count(photos, "photo", "photos"), files && count(files, "file", "files")].filter(Boolean);
    byId("tray-summary").textContent = `${parts.join(t(" and "))} · ${bytes}`;
    this.#onChange();
  }

  #row(item) {
    const shown = item.size && this.#isPhoto(item)
      ? element("img", { src: item.url, alt: item.file.name })
      : element("div", { class: "tray__file" }, icon(item.file.type.startsWith("image/") ? "photo" : "file"), element("span", { text: item.file.name }));
    const remove = () => {
      URL.revokeObjectURL(item.url);
      this.#items = this.#items.filter((other) => other !== item);
      this.#draw();
    };
    return element("li", { class: "tray__item" }, shown,
      element("button", { type: "button", class: "tray__remove", "aria-label": t("Remove {what}", { what: item.file.name }), click: remove }, icon("close")));
  }

  #listenToInput(id, asFile) {
    const input = byId(id);
    input.addEventListener("change", () => {
      this.add([...input.files], asFile);
      input.value = ""; // so that the same file can be chosen again
    });
  }

  #listenToDrop() {
    const overlay = byId("drop");
    const zones = [...overlay.querySelectorAll("[data-drop]")];
    const zoneOf = (event) => event.target.closest?.("[data-drop]") ?? zones[0];
    let ours = false; // a picture of the chat itself is being dragged
    window.addEventListener("dragstart", () => { ours = true; });
    window.addEventListener("dragend", () => { ours = false; });
    const hasFiles = (event) => !ours && event.dataTransfer?.types.includes("Files");
    const show = (open) => overlay.classList.toggle("drop--open", open);
    for (const name of ["dragenter", "dragover"]) {
      window.addEventListener(name, (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        show(true);
        zones.forEach((zone) => zone.classList.toggle("drop__zone--over", zone === zoneOf(event)));
      });
    }
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && show(false));
    window.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      show(false);
      this.add([...event.dataTransfer.files], zoneOf(event).dataset.drop === "file");
    });
  }
}
