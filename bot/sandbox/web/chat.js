/** The page's wiring: who is chatting, what comes from the sandbox, what goes there. */

import * as api from "./api.js";
import { Attachments } from "./attachments.js";
import { Commands } from "./commands.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { Messages } from "./messages.js";
import { alertDialog, banner, toast } from "./notice.js";
import { Outbox } from "./outbox.js";
import { People } from "./people.js";
import { Scroll } from "./scroll.js";
import { Status } from "./status.js";
import { Viewer } from "./viewer.js";

const RETRY_MS = 2000;
const LOST = "The sandbox does not answer. Trying again…";

let me; // the person whose chat is open
let connection;

const scroll = new Scroll();
const status = new Status();
const viewer = new Viewer();
const context = {
  get me() { return me?.id; },
  onCommand: (text) => post({ text }),
  onJump: (id) => messages.jump(id) || toast("That message is no longer here."),
  onOpen: (message) => viewer.open(message, messages.photos()),
  onPress: press,
  onRetry: (message) => outbox.retry(message),
  onSendAsFile: (message) => outbox.sendAsFile(message),
  onDiscard: (message) => { outbox.discard(message); refreshEmpty(); },
};
const messages = new Messages(byId("column"), scroll, context);
const outbox = new Outbox(messages, { isOpen: (person) => person === me?.id, onSent: () => status.await() });
const commands = new Commands((text) => { clearField(); post({ text }); });
const composer = new Composer({ commands, onSend: post });
const attachments = new Attachments(() => composer.refresh());
const people = new People({ onChoose: choose, onLanguage: changeLanguage });

function clearField() {
  const field = byId("text");
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

/** The messages are in the language that this person chose; the page itself is in English. */
function markLanguage() {
  byId("column").lang = me.language_code;
  byId("commands").lang = me.language_code;
  byId("description").lang = me.language_code;
}

function refreshEmpty(loaded = true) {
  byId("empty").hidden = !loaded || messages.size > 0;
}

/** Send a message as the person whose chat is open. */
function post(fields, size) {
  if (!me) return;
  scroll.toBottom();
  outbox.post(me.id, fields, size);
  refreshEmpty();
}

/** Press an inline button and show what the bot says to it. */
async function press(message, data) {
  try {
    const { text, show_alert: alert } = await api.press(me.id, message.message_id, data);
    if (text) (alert ? alertDialog : toast)(text);
  } catch (error) {
    toast(error.message);
  }
}

async function loadCommands() {
  const person = me.id;
  const { commands: list, description } = await api.commands(person);
  if (person !== me.id) return;
  commands.set(list);
  byId("description").textContent = description;
  byId("description").hidden = !description;
}

async function loadChat(person) {
  const [list] = await Promise.all([api.messages(person), loadCommands()]);
  if (person !== me.id) return;
  messages.replace(list);
  outbox.restore(person);
  refreshEmpty();
}

const tellers = {
  message(event) {
    const { message } = event;
    const fresh = !messages.has(message.message_id);
    if (message.from?.id === me.id) {
      if (!outbox.claim(message)) messages.put(message);
    } else {
      status.clear();
      messages.put(message);
      if (fresh) scroll.noteUnseen();
    }
    refreshEmpty();
  },
  edited({ message }) {
    status.clear();
    messages.put(message);
  },
  deleted({ message_id: id }) {
    messages.remove(id);
    refreshEmpty();
  },
  action({ action }) {
    status.act(action);
  },
  commands() {
    loadCommands().catch(() => {}); // the stream's own retry loads them again
  },
};

/** Open this person's chat. */
function choose(person) {
  me = person;
  markLanguage();
  history.replaceState(null, "", `#${person.id}`);
  people.mark(person.id);
  connection?.close();
  status.clear();
  messages.clear();
  refreshEmpty(false);
  scroll.toBottom();
  connection = new Connection(person.id, {
    load: () => loadChat(person.id),
    tell: (event) => tellers[event.kind]?.(event),
    lost: () => { banner(LOST); status.clear(); },
    found: () => banner(""),
  });
}

async function changeLanguage(person, language) {
  try {
    const changed = await api.setLanguage(person.id, language);
    people.update(changed);
    if (changed.id !== me.id) return;
    me = changed;
    markLanguage();
    await loadCommands();
  } catch (error) {
    toast(error.message);
  }
}

async function start() {
  try {
    const { bot, people: everyone } = await api.people();
    banner("");
    byId("bot-name").textContent = bot.first_name;
    document.title = `${bot.first_name} · sandbox chat`;
    const wanted = everyone.find(({ id }) => `#${id}` === location.hash) ?? everyone[0];
    people.show(everyone, wanted.id);
    choose(wanted);
  } catch {
    banner(LOST);
    setTimeout(start, RETRY_MS);
  }
}

byId("start").addEventListener("click", () => post({ text: "/start" }));
composer.use(attachments);
start();
