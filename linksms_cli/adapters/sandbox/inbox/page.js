// The inbox: messages as they come, newest first; a filter; keys.

import { ask, follow, MOST } from "./feed.js";
import { fillItem, makeItem, wordsOf } from "./story.js";

const at = (id) => document.getElementById(id);
const messages = new Map(); // serial → { message, item, words }

function show({ anew, messages: changed }) {
  if (anew) {
    messages.clear();
    at("messages").replaceChildren();
  }
  for (const message of changed) {
    const known = messages.get(message.serial);
    const item = known?.item ?? makeItem();
    fillItem(item, message);
    messages.set(message.serial, { message, item, words: wordsOf(message) });
    if (!known) at("messages").prepend(item);
  }
  while (messages.size > MOST) {
    const [oldest, { item }] = messages.entries().next().value;
    item.remove();
    messages.delete(oldest);
  }
  sift();
}

function sift() {
  const wanted = at("filter").value.trim().toLowerCase();
  let shown = 0;
  for (const { item, words } of messages.values()) {
    item.hidden = !words.includes(wanted);
    if (!item.hidden) shown += 1;
  }
  const all = messages.size;
  at("count").textContent = shown === all ? `${all} message${all === 1 ? "" : "s"}` : `${shown} of ${all}`;
  at("clear").disabled = all === 0;
  at("empty").hidden = all > 0 || !at("door").hidden;
  at("unmatched").hidden = all === 0 || shown > 0;
}

function askToken(refusal) {
  const door = at("door");
  door.hidden = false;
  sift();
  at("refusal").textContent = refusal;
  at("token").value = "";
  at("token").focus();
  return new Promise((opened) => {
    door.addEventListener("submit", (event) => {
      event.preventDefault();
      door.hidden = true;
      opened(at("token").value);
    }, { once: true });
  });
}

function onState(state, words) {
  const shown = at("state");
  if (shown.textContent === words) return;
  shown.textContent = words;
  shown.dataset.state = state;
}

function step(distance) {
  const rows = [...document.querySelectorAll("#messages > li:not([hidden]) summary")];
  const now = rows.findIndex((row) => row.closest("li").contains(document.activeElement));
  const next = now < 0 ? 0 : Math.min(Math.max(now + distance, 0), rows.length - 1);
  rows[next]?.focus();
}

const KEYS = {
  "/": () => at("filter").focus(),
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return escape();
  if (event.target.matches("input, select, textarea")) return;
  const action = KEYS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

function escape() {
  if (document.activeElement === at("filter")) {
    at("filter").value = "";
    sift();
    at("filter").blur();
    return;
  }
  const open = document.activeElement?.closest("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
}

at("search").addEventListener("submit", (event) => event.preventDefault());
at("filter").addEventListener("input", sift);
at("clear").addEventListener("click", async () => {
  try {
    await ask("DELETE", "/messages");
  } catch (failure) {
    onState("lost", failure.message);
  }
});
at("example").textContent = [
  `curl -X POST "${location.origin}/smscsimplehttp?ServiceId=1&Username=any&Password=any` +
    "&Source=LINK&Destination=%2B99955501234&Userdata=Hello\"",
].join("\n");

follow({ onChange: show, onState, askToken });
