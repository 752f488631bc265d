// What the page asks of the sandbox: its admin interface, with the token if there is one.

const LONGEST_WAIT = 25; // seconds that one request waits for a change
const PAUSES = [500, 1000, 2000, 5000]; // milliseconds between tries while nobody answers
const MOST = 500; // messages that the page shows

/** The sandbox refused a request: `status`, and its words. */
export class Refusal extends Error {
  constructor(status, error) {
    super(error?.hint ? `${error.message}. ${error.hint}` : (error?.message ?? `HTTP ${status}`));
    this.status = status;
  }
}

/** Ask for a path; returns the JSON of the answer, throws Refusal or TypeError (no answer). */
export async function ask(method, path, fields) {
  const token = sessionStorage.getItem("token");
  const answer = await fetch(path, {
    method,
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    body: fields && JSON.stringify(fields),
    cache: "no-store",
  });
  const read = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, read.error);
  return read;
}

/**
 * Follow the sandbox for ever: `onChange(changes)` for what is new, `onState(state, words)` for how
 * it goes, `askToken(words)` when a token is needed; what that returns is tried.
 */
export async function follow({ onChange, onState, askToken }) {
  let revision = "";
  let failures = 0;
  for (;;) {
    try {
      const query = new URLSearchParams({ after: revision, wait: LONGEST_WAIT, limit: MOST });
      const changes = await ask("GET", `/changes?${query}`);
      failures = 0;
      onState("live", "live");
      onChange(changes);
      revision = changes.revision;
    } catch (failure) {
      if (failure instanceof Refusal && failure.status === 401) {
        onState("waiting", "locked");
        const given = sessionStorage.getItem("token") !== null;
        sessionStorage.setItem("token", await askToken(given ? failure.message : ""));
        continue;
      }
      onState("lost", failure instanceof Refusal ? failure.message : "no answer, trying again …");
      const pause = PAUSES[Math.min(failures++, PAUSES.length - 1)];
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

export { MOST };
