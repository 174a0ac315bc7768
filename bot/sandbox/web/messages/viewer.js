/** One photo over the whole page, with the way to the chat's other photos. */

import { timeOf } from "./bubble.js";
import { byId } from "../dom.js";
import { largest } from "./media.js";
import { t } from "../words.js";

export class Viewer {
  #dialog = byId("viewer");
  #image = byId("viewer-image");
  #photos = [];
  #index = 0;

  constructor() {
    byId("viewer-close").addEventListener("click", () => this.#dialog.close());
    byId("viewer-previous").addEventListener("click", () => this.#show(this.#index - 1));
    byId("viewer-next").addEventListener("click", () => this.#show(this.#index + 1));
    this.#dialog.addEventListener("click", ({ target }) => {
      if (!target.closest("img, button, figcaption")) this.#dialog.close();
    });
    this.#dialog.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowLeft") this.#show(this.#index - 1);
      if (key === "ArrowRight") this.#show(this.#index + 1);
    });
  }

  /** Open at this message, with these photo messages before and after it. */
  open(message, photos) {
    this.#photos = photos;
    this.#show(photos.findIndex((other) => other.message_id === message.message_id));
    this.#dialog.showModal();
  }

  #show(index) {
    const message = this.#photos[index];
    if (!message) return;
    this.#index = index;
    const { source, width, height } = largest(message);
    Object.assign(this.#image, { src: source, width, height, alt: message.caption || t("Photo") });
    byId("viewer-caption").textContent = [message.caption, timeOf(message.date)].filter(Boolean).join(" · ");
    byId("viewer-previous").hidden = index === 0;
    byId("viewer-next").hidden = index === this.#photos.length - 1;
  }
}
