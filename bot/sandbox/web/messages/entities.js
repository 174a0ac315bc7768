/**
 * A message's text and entities as safe page content. Offsets are UTF-16 units, which is how
 * JavaScript counts too (Bot API, MessageEntity).
 */

import { element } from "../dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const LITERAL = new Set(["code", "pre", "text_link", "url", "email", "bot_command"]);
const BLOCKS = new Set(["PRE", "BLOCKQUOTE"]);
const FOUND = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]|(?<![\w/<])\/[a-z]\w{0,31}(?:@\w+)?(?![\w/])/gi;

/** The address if a browser may follow it; undefined for `javascript:` and whatever else. */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function link(address) {
  const href = safeUrl(address);
  if (!href) return element("span");
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" });
}

function command(text, onCommand) {
  return element("button", { type: "button", class: "command", click: () => onCommand(text) });
}

function spoiler() {
  const reveal = (event) => event.currentTarget.classList.add("spoiler--seen");
  return element("span", { class: "spoiler", role: "button", tabindex: 0, click: reveal, keydown: reveal });
}

function wrapper(entity, text, onCommand) {
  switch (entity.type) {
    case "url":
      return link(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
    case "text_link":
      return link(entity.url);
    case "email":
      return link(`mailto:${text}`);
    case "bot_command":
      return command(text, onCommand);
    case "spoiler":
      return spoiler();
    default:
      return element(TAGS[entity.type] ?? "span");
  }
}

/** Plain text, in which addresses and commands can be clicked without an entity too. */
function appendPlain(parent, text, literal, onCommand) {
  let cursor = 0;
  for (const match of literal ? [] : text.matchAll(FOUND)) {
    parent.append(text.slice(cursor, match.index));
    const node = match[0].startsWith("/") ? command(match[0], onCommand) : link(match[0]);
    node.append(match[0]);
    parent.append(node);
    cursor = match.index + match[0].length;
  }
  parent.append(text.slice(cursor));
}

function appendRange(parent, text, start, end, entities, literal, onCommand) {
  let cursor = start;
  for (const [index, entity] of entities.entries()) {
    const from = entity.offset;
    const to = Math.min(end, from + entity.length);
    if (from < cursor || to <= from) continue; // lies within the one before, which has drawn it
    appendPlain(parent, text.slice(cursor, from), literal, onCommand);
    const node = wrapper(entity, text.slice(from, to), onCommand);
    const inner = entities.slice(index + 1).filter((other) => other.offset < to);
    appendRange(node, text, from, to, inner, literal || LITERAL.has(entity.type), onCommand);
    parent.append(node);
    // A block ends its line by itself: the line break after it would show as an empty line.
    cursor = BLOCKS.has(node.tagName) && text[to] === "\n" ? to + 1 : to;
  }
  appendPlain(parent, text.slice(cursor, end), literal, onCommand);
}

/** The text as nodes. `onCommand(text)` is called when a command in it is clicked. */
export function richText(text, entities, onCommand) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const fragment = document.createDocumentFragment();
  appendRange(fragment, text, 0, text.length, sorted, false, onCommand);
  return fragment;
}
