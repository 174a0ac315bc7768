/** The picker of who one is, of each person's language, and of the chat that is open. */

import { byId, element } from "./dom.js";
import { t } from "./words.js";

const LANGUAGES = { en: "English", es: "Español", pt: "Português" };

function initial(person) {
  return element("span", { class: `initial${person.admin ? " initial--admin" : ""}`, "aria-hidden": "true", text: person.first_name.slice(0, 1) });
}

export class People {
  #list = byId("people-list");
  #panel = byId("people");
  #opener = byId("people-open");
  #people = [];
  #chosen;
  #onChoose;
  #onLanguage;
  #onChat;
  #onGroup;

  /**
   * `onChoose(person)`, `onLanguage(person, language)`, `onChat(inGroup)` and `onGroup(change)` tell
   * what the visitor picks.
   */
  constructor({ onChoose, onLanguage, onChat, onGroup }) {
    this.#onChat = onChat;
    this.#onGroup = onGroup;
    this.#onChoose = onChoose;
    this.#onLanguage = onLanguage;
    this.#opener.addEventListener("click", () => this.#open(true));
    byId("people-close").addEventListener("click", () => this.#open(false));
    byId("people-shade").addEventListener("click", () => this.#open(false));
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.#open(false));
  }

  /** Show these people, with the one of this id as oneself. */
  show(people, chosenId) {
    this.#people = people;
    this.#chosen = chosenId;
    this.#draw();
  }

  get count() {
    return this.#people.length;
  }

  /** Mark this person as oneself. */
  mark(id) {
    this.show(this.#people, id);
  }

  /** Take over a person's changed language. */
  update(person) {
    this.show(this.#people.map((other) => (other.id === person.id ? person : other)), this.#chosen);
  }

  /** Show the two chats, the open one marked, and what can be done with the group while it is open. */
  showChats(bot, group, inGroup) {
    const chat = (text, about, chosen, pick) => element("button", {
      type: "button",
      class: `chat-choice${chosen ? " chat-choice--chosen" : ""}`,
      "aria-pressed": String(chosen),
      click: () => { this.#close(); this.#onChat(pick); },
    }, element("b", { text }), element("span", { text: about }));
    const act = (text, change) => element("button", { type: "button", class: "link", text, click: () => this.#onGroup(change) });
    const actions = [
      act(t(group.joined ? "Remove {what}" : "Add {what}", { what: bot.first_name }), { joined: !group.joined }),
      act(t(group.privacy ? "Turn privacy mode off" : "Turn privacy mode on"), { privacy: !group.privacy }),
      !group.supergroup && act(t("Make it a supergroup"), { supergroup: true }),
    ];
    const sees = t(!group.joined ? "{bot} is not in it" : group.privacy ? "the bot sees what is meant for it" : "the bot sees everything", { bot: bot.first_name });
    byId("chats").replaceChildren(
      chat(bot.first_name, t("your private chat"), !inGroup, false),
      chat(group.title, `${t(group.supergroup ? "supergroup" : "group")}: ${sees}`, inGroup, true),
      element("div", { class: "group-actions", hidden: !inGroup }, ...actions.filter(Boolean)),
    );
  }

  #close() {
    this.#panel.classList.remove("people--open");
    this.#opener.setAttribute("aria-expanded", "false");
  }

  #open(open) {
    this.#panel.classList.toggle("people--open", open);
    this.#opener.setAttribute("aria-expanded", String(open));
    if (open) this.#panel.querySelector("input:checked")?.focus();
    else this.#opener.focus();
  }

  #choose(person) {
    this.#close();
    this.#onChoose(person);
  }

  #draw() {
    const focus = this.#list.contains(document.activeElement) && document.activeElement.dataset.focus;
    this.#list.replaceChildren(...this.#people.map((person) => this.#row(person)));
    if (focus) this.#list.querySelector(`[data-focus="${focus}"]`)?.focus();
    const me = this.#people.find((person) => person.id === this.#chosen);
    if (!me) return;
    this.#opener.replaceChildren(initial(me), me.first_name);
    this.#opener.setAttribute("aria-label", t("You are {who}. Change", { who: me.first_name }));
  }

  #row(person) {
    const chosen = person.id === this.#chosen;
    const radio = element("input", {
      type: "radio",
      name: "person",
      class: "visually-hidden",
      checked: chosen,
      value: person.id,
      data: { focus: `person-${person.id}` },
      change: () => this.#choose(person),
      click: () => chosen && this.#open(false),
    });
    const name = element("span", { class: "person__name" }, person.first_name, person.admin ? element("span", { class: "person__badge", text: "admin" }) : "");
    const languages = Object.entries(LANGUAGES).map(([code, language]) => element("button", {
      type: "button",
      text: code.toUpperCase(),
      title: language,
      "aria-label": t("{who} speaks {language}", { who: person.first_name, language }),
      "aria-pressed": String(person.language_code === code),
      data: { focus: `language-${person.id}-${code}` },
      click: () => this.#onLanguage(person, code),
    }));
    return element("li", { class: `person${chosen ? " person--chosen" : ""}` },
      element("label", { class: "person__label" }, radio, initial(person), name),
      element("div", { class: "languages", role: "group", "aria-label": t("Language of {who}", { who: person.first_name }) }, ...languages));
  }
}
