/** What the bot is doing: the line under its name and the chip over the composer. */

import { byId, element } from "./dom.js";
import { t } from "./words.js";

const ACTION_MS = 5000; // Bot API, sendChatAction: an action lasts five seconds or less
const FADE_MS = 300;
const WAIT_MS = 15_000;
const WORDS = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  choose_sticker: "choosing a sticker",
};

export class Status {
  #line = byId("status");
  #chip = byId("chip");
  #fade;
  #wait;
  #words = "bot"; // while nothing happens

  /** The bot has begun something: say it until it fades or `clear` is called. */
  act(action) {
    clearTimeout(this.#wait);
    const words = t(WORDS[action] ?? "busy");
    this.#line.textContent = `${words}…`;
    this.#line.classList.add("chat__status--busy");
    this.#show(words, true);
    this.#fade = setTimeout(() => {
      this.#chip.classList.add("chip--fading");
      this.#fade = setTimeout(() => this.#rest(), FADE_MS);
    }, ACTION_MS);
  }

  /** We sent something: if the bot stays silent for long, say so. */
  await() {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => {
      this.#show(t("No answer yet: the bot may be busy, or not running"), false);
    }, WAIT_MS);
  }

  /** The bot has spoken. */
  clear() {
    clearTimeout(this.#wait);
    this.#rest();
  }

  /** What the line says while nothing happens. */
  rest(words) {
    this.#words = words;
    this.#rest();
  }

  #show(words, moving) {
    clearTimeout(this.#fade);
    this.#chip.classList.remove("chip--fading");
    this.#chip.classList.toggle("chip--quiet", !moving);
    const dots = element("span", { class: "dots" }, element("i"), element("i"), element("i"));
    this.#chip.replaceChildren(...(moving ? [dots] : []), words);
    this.#chip.hidden = false;
  }

  #rest() {
    clearTimeout(this.#fade);
    this.#line.textContent = this.#words;
    this.#line.classList.remove("chat__status--busy");
    this.#chip.hidden = true;
  }
}
