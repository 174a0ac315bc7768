/** The sandbox's web API. Every failure is an ApiError whose message is a sentence for a person. */

import { t } from "./words.js";

const PATIENCE_MS = 30_000;
const SILENCE = "The sandbox does not answer. Is it still running?";

export class ApiError extends Error {}

function explain(status, body) {
  if (body && typeof body.error === "string") return t(body.error);
  if (status === 413) return t("This file is too large to send.");
  return t("The sandbox could not do this (error {status}).", { status });
}

async function request(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new ApiError(t(SILENCE));
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(explain(response.status, body));
  if (body === null) throw new ApiError(t("The sandbox gave an answer that cannot be read."));
  return body;
}

const json = (method, body) => ({
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

/** `{bot, people, group}`: the bot, those whom one can be here, and the group that they have. */
export const people = () => request("/chat/people");

/** Change a person's language; gives the person. */
export const setLanguage = (person, language) =>
  request(`/chat/people/${person}`, json("PATCH", { language_code: language }));

/** Change the group, as this person: `{joined}`, `{supergroup}` or `{privacy}`; gives what `people` gives. */
export const changeGroup = (person, change) => request(`/chat/people/${person}/group`, json("PATCH", change));

/** All messages of a chat: of this person's with the bot, or of the group. */
export const messages = async (person, chat) => (await request(`/chat/people/${person}/messages?chat=${chat}`)).messages;

/** The commands that this person sees, in their language. */
export const commands = (person) => request(`/chat/people/${person}/commands`);

/** Press an inline button; gives the bot's answer `{text, show_alert}`. */
export const press = (person, chat, messageId, data) =>
  request(`/chat/people/${person}/callback`, json("POST", { chat, message_id: messageId, data }));

/** Edit a text of one's own; gives the message. */
export const edit = (person, chat, messageId, text) =>
  request(`/chat/people/${person}/messages/${messageId}`, json("PATCH", { chat, text }));

/** Where a file's bytes are. */
export const fileUrl = (fileId) => `/chat/files/${encodeURIComponent(fileId)}`;

/** The address of the person's stream of events. */
export const eventsUrl = (person) => `/chat/people/${person}/events`;

/**
 * Send a message; gives it as the sandbox keeps it. `fields` are form fields, `onProgress` is
 * told the uploaded share in [0, 1]. XMLHttpRequest, because fetch tells no upload progress.
 */
export function send(person, fields, onProgress = () => {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof File) form.append(name, value, value.name);
    else if (value !== undefined && value !== "") form.append(name, value);
  }
  return new Promise((resolve, reject) => {
    const upload = new XMLHttpRequest();
    upload.open("POST", `/chat/people/${person}/messages`);
    upload.responseType = "json";
    upload.upload.addEventListener("progress", (event) => onProgress(event.loaded / (event.total || 1)));
    upload.addEventListener("error", () => reject(new ApiError(t(SILENCE))));
    upload.addEventListener("load", () => {
      const message = upload.response?.message;
      if (upload.status < 300 && message) resolve(message);
      else reject(new ApiError(explain(upload.status, upload.response)));
    });
    upload.send(form);
  });
}
