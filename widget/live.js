// What becomes of forms that are sent, links that arrive later, and consent: all that may come after
// the loader, whose `page` this fills in. The build appends this file to `widget.js`.

let page;

// Begins, before the wasm is there.
const begin = (it) => {
  page = it;
  page.find = find;
  page.propose = propose;
  page.watch = (it) => attempt(() => watch(it));
  page.came = came;
  Object.assign(page.calls, { claim, code, consent, share });
  for (const name of ["identify", "offer", "prompt", "referrer"]) {
    page.calls[name] = (given) => load("around.js", (it) => it[name](page, given));
  }
  listen(document);
  page.pending.forEach(page.watch);
  if (page.answered) came();
  signals();
  addEventListener("load", signals);
  window.navigation?.addEventListener("currententrychange", moved);
};

// A page that changes its address without loading may bring a link's token or code at any time. Browsers
// that do not tell are asked when a field gets the focus; the page's own history stays as it is.
const moved = () =>
  attempt(() => {
    if (/[?&](prn|grsf)=/.test(location.search) || page.root.found !== page.found) page.arrive();
  });

// Everything of a selector, in open shadow roots too.
const deep = (it) =>
  it ? [...it.querySelectorAll("*")].flatMap((it) => [it, ...deep(it.shadowRoot)]) : [];
const all = (it, selector) =>
  [...deep(it), ...deep(it.shadowRoot)].filter((it) => it.matches(selector));
// The same of a form; of what is none, nothing that is part of one.
const find = (form, selector) => {
  const own = form.localName === "form" ? form : null;
  return all(form, selector).filter((it) => !it.form || it.form === own);
};

// Listens within a document or an open shadow root: submits do not leave them.
const heard = new WeakSet();
const listen = (root) => {
  if (heard.has(root)) return;
  heard.add(root);
  const hear = (name, act) =>
    root.addEventListener(name, (event) => attempt(() => act(event, event.composedPath())), true);
  if (root !== document) {
    hear("submit", (event) => root.defaultView?.parrain || page.submitted(event));
  }
  if (root.nodeType !== 9) return;
  hear("load", ({ target }) => enter(target));
  hear("focusin", (_, path) => {
    moved();
    page.seen.add(path[0]);
    path.forEach((it) => it.host && listen(it));
  });
  hear("change", ({ target: it }, path) => {
    if (path[0].dataset?.parrainField === "code") code(path[0].value);
  });
  hear("click", (_, path) => {
    path.forEach((it) => it.host && listen(it));
    const button = path.find((it) => it.matches?.("button,[role=button],[type=button],a[href^='#']"));
    if (!button || (button.form && button.type === "submit")) return;
    if (!idle.test(`${button.textContent} ${button.ariaLabel} ${button.title}`)) press(button);
  });
  hear("keydown", ({ key }, [it]) => {
    if (key === "Enter" && textual.test(it.type) && !it.form) press(it);
  });
  root.querySelectorAll("iframe").forEach(enter);
};

// A frame of the same origin that has no tag of its own; others show us nothing.
const enter = (frame) => attempt(() => frame.contentDocument && listen(frame.contentDocument));

// A button that sends nothing.
const idle = /close|cancel|dismiss|ferme|annul|schlie|abbr|cerrar|chiudi|back|retour|zurück|show|hide|affich|no,? thank|non,? merci|nein/i;

// Something that sends no form by itself was used: what is sent with it are the fields around.
const press = (it) => {
  const fits = (up) => {
    const fields = find(up, "input");
    const follows = before?.near.contains(up) && (fields[0] || up === before.near);
    return up.matches && (follows || fields.some(addressed));
  };
  let around = it.form || it.closest("form");
  for (let up = it.parentNode, far = 0; !around && up && up !== it.ownerDocument.body && far < 6; far++) {
    if (fits(up)) around = up;
    up = up.parentNode || up.host;
  }
  if (!around || !fits(around)) return;
  page.submitted({ target: around, submitter: textual.test(it.type) ? null : it }, true);
};
const textual = /email|text$/;
const addressed = (it) => textual.test(it.type) && it.value.includes("@");

// What a page says when it worked, and when it did not. A line that says both says the latter.
const well =
  /thank|merci|dank|graci|obrigad|grazie|شكر|ありがとう|完了|succ[eè]s|erfolg|welcome|bienven|willkommen|scribed|registered|inscrit|your inbox|\bsent\b|envoyé|enviad|inviat/i;
const badly =
  /error|erreur|fehler|inv[aá]lid|incorrect|wrong|fail|échec|required|obligat|requis|pflicht|already|déjà|bereits|\b[jy][aá]\b|again|réessa|erneut|ould ?n.t|cannot|sorry|désolé|ungültig|エラー|失敗|必須|خطأ/i;
const speaking = "[role=alert],[role=status],[aria-live],[role=dialog],dialog";

// The step before: its fields go along with the next one's, and lie nowhere but here.
let before;

// Waits until the page shows whether what was sent was taken, ten seconds at most.
const watch = (item) => {
  const { form, description, weak } = item;
  if (!form) return;
  const forget = (it = item) => {
    it.over = 1;
    page.pending.delete(it);
  };
  const root = form.getRootNode();
  for (let up = root; (up = up.host); up = up.getRootNode()) {
    if (up.closest("[data-parrain-ignore]")) return forget();
  }
  // What is sent again takes the place of what was sent before.
  for (const it of page.pending) if (it !== item && it.form === form) forget(it);

  let near = form.parentNode;
  const outer = near.parentNode;
  if (outer?.parentNode?.parentNode && outer.localName !== "body") near = outer;
  if (before?.near.contains(form)) {
    const here = new Set(description.fields.map((it) => it.name || it));
    description.fields.unshift(...before.fields.filter((it) => !here.has(it.name)));
  }
  before = null;

  const shown = (selector) => all(near, selector).filter(page.visible);
  const inputs = () => shown("input:not([type=hidden]),select,textarea" + (weak ? ",button" : ""));
  const lines = () =>
    [...near.children, ...document.querySelectorAll(speaking)]
      .flatMap((it) => (it.innerText || "").split("\n"))
      .filter((it) => it.trim());
  const marks = () => [
    ...[...form.querySelectorAll(":invalid,[aria-invalid=true]")].filter(page.visible),
    ...shown("[class*=error],[class*=invalid]").filter((it) => it.innerText?.trim()),
  ];
  const [said, marked, known] = [lines(), marks(), inputs()].map((it) => new Set(it));
  const { pathname } = location;
  let address = find(form, "input").find(addressed);
  const { value } = address || {};

  let gone = 0;
  const look = (turn) => {
    if (item.over || item.done) return;
    const fresh = lines().filter((it) => !said.has(it));
    if (address && !address.isConnected) {
      // Drawn anew with what was typed, it is the same form still.
      address = all(near, "input").find((it) => it.value === value) || address;
    }
    const emptied = address?.isConnected && !address.value;
    const left = address || form;
    // What is not in the page has no size.
    gone = page.visible(left) ? 0 : gone + 1;
    const steps = () => near.isConnected && inputs().some((it) => !known.has(it));
    if (location.pathname !== pathname || fresh.some((it) => well.test(it) && !badly.test(it))) item.done = 1;
    else if (fresh.some((it) => badly.test(it))) return forget();
    else if (emptied) item.done = 1;
    else if (marks().some((it) => !marked.has(it))) return forget();
    else if (gone && steps()) {
      before = { near, fields: description.fields };
      return forget();
    } else if (!weak && 4 < gone) item.done = 1;
    // Where nothing is to be seen, what was sent counts, and a mere click does not.
    else if (49 < turn) {
      if (weak || marks()[0]) return forget();
      item.done = 1;
    } else {
      // What was closed by a click may be what somebody did not want.
      if (weak && gone) page.pending.delete(item);
      return setTimeout(() => attempt(() => look(turn + 1)), 200);
    }
    page.pending.add(item);
    page.settle();
  };
  // What nobody prevented leaves with the page.
  setTimeout(() => {
    if (weak || item.event.defaultPrevented) return attempt(() => look(0));
    item.done = 1;
    page.settle();
  });
};

// A form that the owner has to confirm is told of once, without anything that was typed; where consent
// lets us remember it, once in a browser's session.
const told = new Set();
const propose = ({ fields, ...form }) => {
  const key = `prn ${[form.path, form.id, form.name, form.action]}`;
  if (told.has(key)) return;
  told.add(key);
  if (/^[GN]/.test(page.visit?.consent)) {
    if (page.attempt(() => sessionStorage[key])) return;
    page.attempt(() => (sessionStorage[key] = 1));
  }
  page.post("proposal", { form: { ...form, fields: fields.map(({ value, ...it }) => it) } });
};

// What the visit's answer brought.
const came = () => {
  const { visit, kept } = page;
  if (visit) {
    // Consent given earlier (GRANTED), or NOT_REQUIRED, covers the token of this visit too.
    if (wish === "DENIED") visit.consent = wish;
    const word = wish || visit.consent;
    if (kept.token && /^[GN]/.test(word)) exchange((wish = word));
    redraw(visit);
  }
};

// Where the service has no route on this host, consent lets a cookie of the page keep the touch.
const keep = (value, seconds) =>
  page.attempt(() => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${page.cookie}${value}; Max-Age=${seconds}; Path=/; SameSite=Lax${secure}`;
  });

// Trades the token for a cookie, or for a touch that the page keeps.
// Under a privacy signal only an express claim counts.
let wish;
const exchange = async (consent, claim) => {
  if (navigator.globalPrivacyControl && !claim && consent !== "DENIED") return;
  const answer = await page.post("consent", { consent, claim });
  // The person may have changed their mind while the service was thinking.
  if (!answer || wish !== consent) return;
  const { kept, visit } = page;
  kept.touch = answer.touch;
  if (kept.touch) keep(kept.touch, answer.maxAge);
  if (visit) {
    visit.consent = answer.consent;
    visit.claimed ||= claim;
  }
  redraw(visit);
};
const decide = (value, claim) => {
  wish = value;
  // A refusal forgets at once, whether or not the service ever hears of it.
  if (value === "DENIED") {
    keep((page.kept.touch = null), 0);
    if (page.visit) page.visit.consent = value;
  }
  return page.calls.visit().then(() => exchange(value, claim));
};

// What the page itself says of consent goes before what others are heard to say.
let express;
const claim = () => decide("GRANTED", (express = true));
const consent = (granted) => {
  express = true;
  return decide(granted ? "GRANTED" : "DENIED");
};
const overhear = async (granted) => {
  const visit = await page.calls.visit();
  const value = granted ? "GRANTED" : "DENIED";
  if (express || !visit || visit.consent === value) return;
  // What was refused before the person did anything here undoes no consent that stands.
  const stands = visit.consent === "GRANTED" || (page.kept.touch && visit.consent === "REQUIRED");
  if (granted || !stands || navigator.userActivation?.hasBeenActive) decide(value);
};

// The site's consent banner may come after us, by one of two ways.
const signals = () =>
  (window.__tcfapi || window.dataLayer) && load("signals.js", (it) => it.hear(page, overhear));

// A code that somebody typed goes along with what they send, if there is such a one.
const code = async (text) => {
  const answer = await page.post("code", { typed: text });
  page.kept.typed = answer?.known ? text : void 0;
  page.emit("parrain-code", { code: text, ...answer });
  return answer;
};
// Sharing is nobody's visit: no token goes along.
const share = (code, channel) =>
  page.post("share", { code, channel, token: void 0, touch: void 0 });
