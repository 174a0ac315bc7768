/** The bot's commands: the menu of the button, and completion while one types "/". */

import { byId, element } from "../dom.js";
import { t } from "../words.js";

export class Commands {
  #list = byId("commands");
  #button = byId("menu");
  #field = byId("text");
  #all = [];
  #shown = [];
  #index = 0;
  #onChoose;

  /** `onChoose(text)` is called with the whole command, such as "/help". */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    this.#button.addEventListener("click", () => (this.open ? this.close() : this.#show(this.#all)));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.#list.contains(target) && !this.#button.contains(target)) this.close();
    });
    // Keep the focus in the field: the list is worked from there.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    for (const node of [this.#button, this.#list]) node.addEventListener("keydown", (event) => this.key(event));
  }

  get open() {
    return !this.#list.hidden;
  }

  /** Take over the commands `[{command, description}]`. */
  set(commands) {
    this.#all = commands;
    if (this.open && !this.#field.value) this.#show(this.#all);
    else this.complete(this.#field.value);
  }

  /** The text in the field changed: complete it, or go. */
  complete(text) {
    const typed = /^\/(\w*)$/.exec(text)?.[1].toLowerCase();
    const fitting = typed === undefined ? [] : this.#all.filter(({ command }) => command.startsWith(typed));
    if (fitting.length) this.#show(fitting);
    else this.close();
  }

  /** Arrows, Enter, Tab and Escape while the list is open; true if the key was for the list. */
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.#index + step + this.#shown.length) % (this.#shown.length || 1));
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" && !event.shiftKey) this.#fill();
    else if (event.key === "Enter" && !event.shiftKey && this.#shown.length) this.#choose(this.#index);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  close() {
    this.#list.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
  }

  #show(commands) {
    this.#shown = commands;
    const rows = commands.map(({ command, description }, i) => element("li", {
      id: `command-${i}`,
      role: "option",
      click: () => this.#choose(i),
    }, element("b", { text: `/${command}` }), element("span", { text: description })));
    const none = element("li", { class: "commands__none", text: t("The bot has not told its commands yet.") });
    this.#list.replaceChildren(...(rows.length ? rows : [none]));
    this.#list.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#mark(0);
  }

  #mark(index) {
    this.#index = index;
    [...this.#list.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === index)));
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", `command-${index}`);
  }

  #fill() {
    if (!this.#shown.length) return;
    this.#field.value = `/${this.#shown[this.#index].command} `;
    this.close();
    this.#field.focus();
  }

  #choose(index) {
    this.close();
    this.#onChoose(`/${this.#shown[index].command}`);
  }
}
