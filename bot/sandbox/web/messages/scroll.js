/** The reader's place: at the bottom new messages are followed, above it nothing moves. */

import { byId } from "../dom.js";
import { t } from "../words.js";

const NEAR_PX = 60;

/** How to scroll to a far place: not by moving for those who asked for less motion. */
export const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

export class Scroll {
  #view = byId("messages");
  #pill = byId("pill");
  #text = byId("pill-text");
  #following = true;
  #unseen = 0;

  constructor() {
    this.#view.addEventListener("scroll", () => this.#look(), { passive: true });
    this.#pill.addEventListener("click", () => this.toBottom(motion()));
    new ResizeObserver(() => this.#following && this.toBottom()).observe(this.#view);
  }

  toBottom(behavior = "instant") {
    this.#view.scrollTo({ top: this.#view.scrollHeight, behavior });
    if (behavior === "instant") this.#following = true;
    this.#look();
  }

  /** Count a message that came while the reader was further up. */
  noteUnseen() {
    if (this.#following) return;
    this.#unseen += 1;
    this.#show();
  }

  /** Change the list; afterwards the reader still sees what they saw, or the newest. */
  keep(change) {
    const anchor = this.#following ? undefined : this.#anchor();
    const before = anchor?.getBoundingClientRect().top;
    const id = anchor?.dataset.message;
    change();
    if (this.#following) {
      this.toBottom();
      return;
    }
    const after = anchor?.isConnected ? anchor : id && this.#view.querySelector(`[data-message="${CSS.escape(id)}"]`);
    if (after) this.#view.scrollTop += after.getBoundingClientRect().top - before;
    this.#look();
  }

  /** The first bubble in view that stands still: one that is just arriving has no place yet. */
  #anchor() {
    const top = this.#view.getBoundingClientRect().top;
    const holds = (node) => node.getBoundingClientRect().bottom > top && !node.getAnimations().length;
    return [...this.#view.querySelectorAll(".message")].find(holds);
  }

  #look() {
    const below = this.#view.scrollHeight - this.#view.scrollTop - this.#view.clientHeight;
    this.#following = below < NEAR_PX;
    if (this.#following) this.#unseen = 0;
    this.#show();
  }

  #show() {
    this.#pill.hidden = this.#following;
    this.#text.textContent = this.#unseen ? t(this.#unseen > 1 ? "{count} new messages" : "{count} new message", { count: this.#unseen }) : "";
    this.#pill.setAttribute("aria-label", this.#text.textContent || t("To the newest message"));
  }
}
