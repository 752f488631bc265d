// One message on the page. All that comes from outside is set as text, never as markup.

import { ask } from "./feed.js";

const template = document.getElementById("message");

/** Make the item of a message that the page does not show yet. */
export function makeItem() {
  const item = template.content.firstElementChild.cloneNode(true);
  const form = item.querySelector("form.report");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendReport(item, form);
  });
  return item;
}

/** Show a message in its item, as it is now. */
export function fillItem(item, message) {
  const at = new Date(message.received_at);
  item.dataset.serial = message.serial;
  const put = (selector, text) => {
    const found = item.querySelector(selector);
    if (found.textContent !== text) found.textContent = text;
    return found;
  };
  put("time", at.toLocaleTimeString([], { hour12: false })).dateTime = message.received_at;
  put(".from", message.from ?? "?");
  put(".to", message.to ?? "?");
  put(".text", message.text ?? "");
  put(".parts", partsOf(message));
  const result = message.result_code === null
    ? message.effect ?? "no answer"
    : `${message.result_code} ${message.description}`;
  put(".result", result).dataset.tone = toneOf(message);
  showFate(item.querySelector(".fate"), message);
  fillStory(item, message, put);
}

/** Every word that a filter may find a message by. */
export function wordsOf(message) {
  const { serial, from, to, text, message_id: id, result_code: code, description, effect } = message;
  const codes = message.reports.map((report) => report.result_code);
  return [`#${serial}`, from, to, text, id, code, description, effect, ...codes]
    .filter((word) => word !== null && word !== undefined)
    .join("\n")
    .toLowerCase();
}

function fillStory(item, message, put) {
  const handset = message.part_texts.map((text, number) => {
    const part = document.createElement("li");
    part.dir = "auto";
    part.textContent = text;
    const count = message.part_texts.length;
    if (count > 1) part.dataset.part = `${number + 1} of ${count}`;
    return part;
  });
  item.querySelector(".handset").replaceChildren(...handset);
  put(".alphabet", alphabetOf(message));
  list(item.querySelector(".culprits"), message.non_gsm.map((found) => {
    const times = found.count > 1 ? ` × ${found.count}` : "";
    return `${found.char}  ${found.code_point} ${found.name}${times}`;
  }));
  put(".answer", answerOf(message));
  put(".effect", message.effect ?? "").hidden = message.effect === null;
  list(item.querySelector(".remarks"), message.remarks);
  list(item.querySelector(".reports"), message.reports.map(reportLine), message.reports.map(toneOf));
  item.querySelector(".unreported").hidden = message.reports.length > 0;
  item.querySelector("form.report").hidden = message.message_id === null;
  offerParts(item, message.parts ?? 1);
  put(".request", requestOf(message.request));
}

async function sendReport(item, form) {
  const outcome = form.querySelector(".outcome");
  const part = form.querySelector(".part").value;
  const fields = { code: Number(form.querySelector(".code").value), part: part === "" ? null : Number(part) };
  try {
    const { reports } = await ask("POST", `/messages/${item.dataset.serial}/reports`, fields);
    outcome.textContent = reports.length === 1 ? "sent" : `${reports.length} sent`;
  } catch (failure) {
    outcome.textContent = failure.message;
  }
}

function list(element, texts, tones = []) {
  element.hidden = texts.length === 0;
  element.replaceChildren(...texts.map((text, number) => {
    const item = document.createElement("li");
    item.dir = "auto";
    item.textContent = text;
    if (tones[number]) item.dataset.tone = tones[number];
    return item;
  }));
}

function offerParts(item, count) {
  const select = item.querySelector(".part");
  item.querySelector(".which").hidden = count < 2;
  if (select.options.length === count + 1) return;
  const offered = [new Option("all", "")];
  for (let part = 0; part < count; part++) offered.push(new Option(`${part + 1}`, `${part}`));
  select.replaceChildren(...offered);
}

function showFate(badge, message) {
  const last = message.reports.at(-1);
  badge.hidden = last === undefined;
  if (!last) return;
  const arrived = message.reports.filter((report) => report.fate === "delivered").length;
  const count = message.reports.length;
  badge.textContent = `${last.result_code} reported${count > 1 ? ` ${arrived}/${count}` : ""}`;
  badge.dataset.tone = last.fate === "delivered" ? toneOf(last) : "unsure";
}

/** What is certain of a code: the colour of a message's answer, or of a report. */
function toneOf({ result_code: code, final, delivered }) {
  if (code === null || delivered === "unknown") return "unsure";
  if (delivered === "yes") return "good";
  return final ? "bad" : "pending";
}

function partsOf(message) {
  if (message.parts === null) return "no text";
  return message.parts === 1 ? "1 part" : `${message.parts} parts`;
}

function alphabetOf(message) {
  if (message.encoding === null) return "";
  const why = message.non_gsm.length ? ", since GSM-7 lacks:" : "";
  return `${partsOf(message)}, ${message.encoding}${why}`;
}

function answerOf(message) {
  if (message.result_code === null) return "no result code";
  return `${message.result_code};${message.description};${message.message_id ?? ""}`;
}

function reportLine(report) {
  const told = report.status === null ? report.failure : `HTTP ${report.status}`;
  const tries = report.attempts > 1 ? `, ${report.attempts} attempts` : "";
  const words = [report.result_code, report.description, report.id].filter(Boolean).join(" ");
  return `${words}: ${report.fate} (${told ?? "no answer"}${tries})`;
}

function requestOf(request) {
  if (!request) return "";
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`);
  const body = request.body_length ? ["", `(${request.body_length} bytes of body, not kept)`] : [];
  return [`${request.method} ${request.target}`, ...headers, ...body].join("\n");
}
