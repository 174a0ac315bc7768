/** Photos, albums and files of a bubble. A size made for the page (not yet sent) has `url`. */

import { fileUrl } from "../api.js";
import { element, icon } from "../dom.js";
import { t } from "../words.js";

const WIDEST = 480;
const HIGHEST = 440;
const NARROWEST = 150;

const sourceOf = (size) => size.url ?? fileUrl(size.file_id);

/** The smallest of a photo's sizes that still looks sharp at this width in CSS pixels. */
export function sufficientSize(sizes, width) {
  const sorted = [...sizes].sort((a, b) => a.width - b.width);
  return sorted.find((size) => size.width >= width * window.devicePixelRatio) ?? sorted.at(-1);
}

/** `{source, width, height}` of the largest size. */
export function largest(message) {
  const size = sufficientSize(message.photo, Infinity);
  return { source: sourceOf(size), width: size.width, height: size.height };
}

/** The width in CSS pixels at which a photo is shown, its proportion kept. */
function shownWidth({ width, height }) {
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return Math.max(NARROWEST, Math.round(width * scale));
}

/** A small picture for quotes; undefined for a message without a photo. */
export function thumbnail(message) {
  if (!message.photo) return undefined;
  return element("img", { src: sourceOf(sufficientSize(message.photo, 40)), alt: "" });
}

function photo(message, width, { onOpen, images }) {
  const big = largest(message);
  const source = sourceOf(sufficientSize(message.photo, width));
  // An edit that keeps the picture keeps its element too, so that nothing flickers.
  const kept = images.get(source);
  const image = kept ?? element("img", { src: source, alt: message.caption || t("Photo"), width: big.width, height: big.height });
  const button = element("button", {
    type: "button",
    class: "photo",
    "aria-label": message.caption ? t("Photo: {what}. Enlarge", { what: message.caption }) : t("Photo. Enlarge"),
    data: { message: message.message_id, focus: `photo-${message.message_id}` },
    style: { "--width": `${width}px`, "--ratio": `${big.width} / ${Math.max(big.height, big.width / 8)}` },
    click: () => onOpen(message),
  }, image);
  if (message.preview) button.style.backgroundImage = `url("${message.preview}")`;
  if (message.pending && !message.failed) button.append(element("span", { class: "progress" }));
  return button;
}

function albumShape(count) {
  if (count === 2 || count === 4) return "album--halves";
  if (count === 3) return "album--halves album--lead";
  if (count === 7) return "album--lead";
  if (count === 5 || count === 8) return "album--pair-first";
  return count === 10 ? "album--four-first" : "";
}

/** `{node, width}` of one photo, or of an album's grid. */
export function photos(messages, context) {
  if (messages.length === 1) {
    const width = shownWidth(largest(messages[0]));
    return { node: photo(messages[0], width, context), width };
  }
  const cells = messages.map((message) => photo(message, WIDEST / 2, context));
  return { node: element("div", { class: `album ${albumShape(messages.length)}` }, ...cells), width: WIDEST };
}

/** A file's size in words. */
export function sizeInWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A file's line: sign or small picture, name, size; a click downloads it. */
export function file(message) {
  const { file_id: fileId, file_name: name = "file", file_size: size, mime_type: type = "", url } = message.document;
  const source = url ?? fileUrl(fileId);
  const sign = element("span", { class: "file__sign" });
  const sketch = icon("file");
  if (type.startsWith("image/")) {
    sign.append(element("img", { src: source, alt: "", error: (event) => event.target.replaceWith(sketch) }));
  } else {
    sign.append(sketch);
  }
  if (message.pending && !message.failed) sign.append(element("span", { class: "progress" }));
  const about = element("span", { class: "file__about" },
    element("span", { class: "file__name", text: name, title: name }),
    element("span", { class: "file__size", text: sizeInWords(size) }));
  return element("a", { class: "file", href: source, download: name, data: { focus: "file" } }, sign, about);
}
