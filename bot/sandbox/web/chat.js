/** The page's wiring: who is chatting, what comes from the sandbox, what goes there. */

import * as api from "./api.js";
import { Attachments } from "./composer/attachments.js";
import { summary } from "./messages/bubble.js";
import { Commands } from "./composer/commands.js";
import { Composer } from "./composer/composer.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { Messages } from "./messages/messages.js";
import { alertDialog, banner, toast } from "./notice.js";
import { Outbox } from "./composer/outbox.js";
import { People } from "./people.js";
import { Scroll } from "./messages/scroll.js";
import { Status } from "./status.js";
import { Viewer } from "./messages/viewer.js";
import { setLanguage, t } from "./words.js";

const RETRY_MS = 2000;
const LOST = "The sandbox does not answer. Trying again…";

let me; // the person whose chat is open
let bot;
let group;
let inGroup = false; // whether the group is open, or the private chat
let about; // the message that the next one replies to or edits: {message, editing}
let connection;

const scroll = new Scroll();
const status = new Status();
const viewer = new Viewer();
const context = {
  get me() { return me?.id; },
  get inGroup() { return inGroup; },
  onReply: (message) => attend(message, false),
  onEdit: (message) => attend(message, true),
  onForward: (message) => post({ forward: message.message_id }),
  onCommand: (text) => post({ text }),
  onJump: (id) => messages.jump(id) || toast(t("That message is no longer here.")),
  onOpen: (message) => viewer.open(message, messages.photos()),
  onPress: press,
  onRetry: (message) => outbox.retry(message),
  onSendAsFile: (message) => outbox.sendAsFile(message),
  onDiscard: (message) => { outbox.discard(message); refreshEmpty(); },
};
const messages = new Messages(byId("column"), scroll, context);
/** The id of the chat that is open: a private one has its person's. */
const openChat = () => (inGroup ? group.id : me.id);
const outbox = new Outbox(messages, { isOpen: ({ person, chat }) => person === me?.id && chat === openChat(), onSent: () => status.await() });
const commands = new Commands((text) => { clearField(); post({ text }); });
const composer = new Composer({ commands, onSend: post });
const attachments = new Attachments(() => composer.refresh());
const people = new People({ onChoose: choose, onLanguage: changeLanguage, onChat: chooseChat, onGroup: changeGroup });

function clearField() {
  const field = byId("text");
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

/** Page and messages are in the language that this person chose. */
function markLanguage() {
  setLanguage(me.language_code);
  composer.refresh();
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
  if (about?.editing && fields.text !== undefined) {
    edit(about.message, fields.text);
    return;
  }
  scroll.toBottom();
  const where = { reply_to: about?.message.message_id };
  if (inGroup && group.supergroup) where.topic = byId("topic").value;
  if (inGroup && byId("anonymous").checked) where.anonymous = "yes";
  attend(undefined);
  outbox.post(me.id, openChat(), { ...fields, ...where }, size);
  refreshEmpty();
}

/** Write about this message next: reply to it, or edit it; undefined for none. */
function attend(message, editing = false) {
  about = message && { message, editing };
  byId("about").hidden = !message;
  if (!message) return;
  byId("about-text").textContent = `${t(editing ? "Edit" : "Reply to")}: ${summary(message)}`;
  const field = byId("text");
  if (editing) {
    field.value = message.text;
    field.dispatchEvent(new Event("input"));
  }
  field.focus();
}

async function edit(message, text) {
  attend(undefined);
  try {
    messages.put((await api.edit(me.id, openChat(), message.message_id, text)).message);
  } catch (error) {
    toast(error.message);
  }
}

/** Press an inline button and show what the bot says to it. */
async function press(message, data) {
  try {
    const { text, show_alert: alert } = await api.press(me.id, openChat(), message.message_id, data);
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

async function loadChat(person, chat) {
  const [list] = await Promise.all([api.messages(person, chat), loadCommands()]);
  if (person !== me.id || chat !== openChat()) return;
  messages.replace(list);
  outbox.restore(person, chat);
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
  async chats() {
    const before = openChat();
    ({ group } = await api.people());
    showChats();
    if (openChat() !== before) choose(me);
  },
  commands() {
    loadCommands().catch(() => {}); // the stream's own retry loads them again
  },
};

/** Open this person's chat. */
function choose(person) {
  me = person;
  attend(undefined);
  markLanguage();
  showChats();
  const chat = openChat();
  history.replaceState(null, "", inGroup ? `#${person.id}/group` : `#${person.id}`);
  people.mark(person.id);
  connection?.close();
  status.clear();
  messages.clear();
  refreshEmpty(false);
  scroll.toBottom();
  connection = new Connection(person.id, {
    load: () => loadChat(person.id, chat),
    tell: (event) => (event.chat ?? chat) === chat && tellers[event.kind]?.(event),
    lost: () => { banner(t(LOST)); status.clear(); },
    found: () => banner(""),
  });
}

async function changeLanguage(person, language) {
  try {
    const changed = await api.setLanguage(person.id, language);
    people.update(changed);
    if (changed.id !== me.id) return;
    choose(changed);
  } catch (error) {
    toast(error.message);
  }
}

/** Show which chats there are, and whose messages stand on the page. */
function showChats() {
  people.showChats(bot, group, inGroup);
  byId("bot-name").textContent = inGroup ? group.title : bot.first_name;
  byId("group-options").hidden = !inGroup;
  byId("topic").closest("label").hidden = !group.supergroup;
  byId("anonymous").closest("label").hidden = !me?.admin;
  status.rest(inGroup ? t(group.joined ? "{count} people and {bot}" : "{count} people", { count: people.count, bot: bot.first_name }) : t("bot"));
}

function chooseChat(toGroup) {
  inGroup = toGroup;
  choose(me);
}

async function changeGroup(change) {
  try {
    ({ group } = await api.changeGroup(me.id, change));
    showChats();
  } catch (error) {
    toast(error.message);
  }
}

async function start() {
  try {
    const found = await api.people();
    const everyone = found.people;
    ({ bot, group } = found);
    banner("");
    document.title = `${bot.first_name} · sandbox chat`;
    const [id, place] = location.hash.slice(1).split("/");
    inGroup = place === "group";
    const wanted = everyone.find((person) => String(person.id) === id) ?? everyone[0];
    people.show(everyone, wanted.id);
    choose(wanted);
  } catch {
    banner(t(LOST));
    setTimeout(start, RETRY_MS);
  }
}

byId("about-close").addEventListener("click", () => { if (about?.editing) clearField(); attend(undefined); });
byId("attach-voice").addEventListener("click", () => post({ voice: "3" }));
byId("attach-sticker").addEventListener("click", () => post({ sticker: "👗" }));
byId("start").addEventListener("click", () => post({ text: "/start" }));
composer.use(attachments);
start();
