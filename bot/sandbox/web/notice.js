/** Short words over the chat: toast, alert, the banner of a lost connection. */

import { byId } from "./dom.js";

const TOAST_MS = 4000;
let timer;

/** A line that goes away by itself. */
export function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => { node.hidden = true; }, Math.max(TOAST_MS, text.length * 60));
}

/** A dialog that waits for "OK". */
export function alertDialog(text) {
  byId("alert-text").textContent = text;
  const dialog = byId("alert");
  if (!dialog.open) dialog.showModal();
}

/** The line under the header; without a text it goes. */
export function banner(text) {
  const node = byId("banner");
  node.hidden = !text;
  if (text && node.textContent !== text) node.textContent = text;
}
