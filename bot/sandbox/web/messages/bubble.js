/** One bubble: a message, or the messages of one album. */

import { element, icon } from "../dom.js";
import { richText, safeUrl } from "./entities.js";
import { file, photos, thumbnail } from "./media.js";
import { t } from "../words.js";

const clock = new Intl.DateTimeFormat([], { hour: "numeric", minute: "2-digit" });

/** The time of day of a Bot API date (seconds since 1970). */
export const timeOf = (seconds) => clock.format(new Date(seconds * 1000));

/** What a message says in one line, for quotes. */
export function summary(message) {
  const text = (message.text ?? message.caption ?? "").trim();
  if (text) return text;
  if (message.photo) return t("Photo");
  if (message.sticker) return `Sticker ${message.sticker.emoji ?? ""}`;
  if (message.voice) return t("Voice message");
  return message.document ? (message.document.file_name ?? t("File")) : t("Message");
}

function quote(replied, context) {
  return element("button", {
    type: "button",
    class: "quote",
    "aria-label": t("Reply to: {what}. Go there", { what: summary(replied) }),
    data: { focus: "quote" },
    click: () => context.onJump(replied.message_id),
  },
  thumbnail(replied),
  element("span", {},
    element("b", { text: replied.sender_chat?.title ?? replied.from?.first_name ?? "" }),
    element("i", { text: summary(replied) })));
}

function meta(message, mine, over) {
  const node = element("span", { class: over ? "meta meta--over" : "meta" });
  if (message.edit_date) node.append(element("span", { class: "meta__edited", text: t("edited"), title: timeOf(message.edit_date) }));
  const date = new Date(message.date * 1000);
  node.append(element("time", { datetime: date.toISOString(), title: date.toLocaleString(), text: timeOf(message.date) }));
  if (mine && !message.failed) node.append(icon(message.pending ? "clock" : "check"));
  return node;
}

function key(button, message, place, context) {
  if (button.url) {
    const href = safeUrl(button.url);
    return element("a", { class: "key", href, target: "_blank", rel: "noopener noreferrer", data: { focus: place } }, button.text, icon("link"));
  }
  const press = async (event) => {
    const node = event.currentTarget;
    if (node.getAttribute("aria-busy") === "true") return;
    node.classList.add("key--waiting");
    node.setAttribute("aria-busy", "true");
    await context.onPress(message, button.callback_data);
    node.classList.remove("key--waiting");
    node.removeAttribute("aria-busy");
  };
  return element("button", { type: "button", class: "key", text: button.text, data: { focus: place }, click: press });
}

function keyboard(message, context) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return undefined;
  return element("div", { class: "keyboard", role: "group", "aria-label": t("Buttons of this message") },
    ...rows.map((row, i) => element("div", { class: "keyboard__row" },
      ...row.map((button, j) => key(button, message, `key-${i}-${j}`, context)))));
}

function failure(message, context) {
  if (!message.failed) return undefined;
  const choice = (text, act) => element("button", { type: "button", class: "link", text, click: () => act(message) });
  return element("p", { class: "failure", role: "alert" },
    element("span", { text: message.failed }),
    choice(t("Try again"), context.onRetry),
    message.asPhoto && choice(t("Send as a file"), context.onSendAsFile),
    choice(t("Remove"), context.onDiscard));
}

/** What Telegram itself says in a group. */
function service(message) {
  if (message.new_chat_members) return t("{who} added {whom}", { who: message.from.first_name, whom: message.new_chat_members[0].first_name });
  if (message.left_chat_member) return t("{who} removed {whom}", { who: message.from.first_name, whom: message.left_chat_member.first_name });
  if (message.migrate_to_chat_id) return t("The group became a supergroup");
  if (message.migrate_from_chat_id) return t("This supergroup was a group");
  return undefined;
}

const TOPICS = { 101: "Shoes", 102: "Coats" };

/** A line above what a message says: its author in a group, its topic, where it was forwarded from. */
function head(message, context, mine) {
  const parts = [
    context.inGroup && !mine && (message.sender_chat?.title ?? message.from?.first_name),
    message.is_topic_message && `# ${t(TOPICS[message.message_thread_id] ?? String(message.message_thread_id))}`,
    message.forward_origin && t("Forwarded from {who}", { who: message.forward_origin.sender_user?.first_name ?? message.forward_origin.sender_user_name ?? "?" }),
  ].filter(Boolean);
  return parts.length ? element("p", { class: "head", text: parts.join(" · ") }) : undefined;
}

/** What can be done with a message: reply, forward, and edit a text of one's own. */
function tools(message, context, mine) {
  if (message.pending) return undefined;
  const tool = (name, label, act) => element("button", {
    type: "button", class: "tool", "aria-label": label, title: label, data: { focus: `tool-${name}` }, click: () => act(message),
  }, icon(name));
  return element("div", { class: "tools", role: "group", "aria-label": t("Do with this message") },
    tool("reply", t("Reply"), context.onReply),
    mine && message.text && tool("edit", t("Edit"), context.onEdit),
    tool("forward", t("Forward"), context.onForward));
}

/**
 * The element of `messages` (several only for an album). `context` has `me` (the person's id),
 * `images` (pictures to keep, by address) and what to do on each click: `onCommand`, `onJump`,
 * `onOpen`, `onPress`, `onRetry`, `onSendAsFile`, `onDiscard`.
 */
export function bubble(messages, context) {
  const [first] = messages;
  const said = service(first);
  if (said) return element("p", { class: "day", text: said, data: { message: first.message_id } });
  const mine = first.from?.id === context.me;
  const captioned = messages.find((message) => message.text ?? message.caption) ?? first;
  const words = captioned.text ?? captioned.caption ?? "";
  const last = { ...messages.at(-1), edit_date: messages.find((message) => message.edit_date)?.edit_date };
  const box = element("div", { class: "bubble" });
  const style = {};
  let kind = "";

  const above = head(first, context, mine);
  if (above) box.append(above);
  if (first.reply_to_message) box.append(quote(first.reply_to_message, context));
  if (first.photo) {
    const { node, width } = photos(messages.filter((message) => message.photo), context);
    kind = " message--media";
    style["--width"] = `${width}px`;
    box.append(node);
  } else if (first.document) {
    box.append(...messages.map(file));
  } else if (first.sticker) {
    box.append(element("p", { class: "sticker", text: first.sticker.emoji ?? "🙂", role: "img", "aria-label": summary(first) }));
  } else if (first.voice) {
    box.append(element("p", { class: "voice" }, icon("voice"), `${t("Voice message")}, ${first.voice.duration} s`));
  }
  if (words || !first.photo) {
    const text = element("div", { class: words ? "text" : "text text--short", dir: "auto" });
    text.append(richText(words, captioned.entities ?? captioned.caption_entities, context.onCommand));
    text.append(meta(last, mine, false));
    box.append(text);
  } else {
    box.append(meta(last, mine, true));
  }

  const author = mine ? t("You") : (first.from?.first_name ?? "");
  const failed = messages.find((message) => message.failed);
  return element("article", {
    class: `message ${mine ? "message--mine" : "message--theirs"}${kind}${failed ? " message--failed" : ""}`,
    "aria-label": `${author}, ${timeOf(first.date)}`,
    data: { message: first.message_id },
    style,
  }, element("div", { class: "row" }, box, tools(messages.at(-1), context, mine)), keyboard(messages.at(-1), context), failed && failure(failed, context));
}
