// Around a purchase: the friend's coupon in the field that the owner names, and when people are asked
// something by the page itself. Loaded where a campaign has any of it, or a page calls for it.

const { origin } = new URL(import.meta.url);
const DAY = 864e5;

// How long the service may take for what somebody waits to see.
const PATIENCE = 3e3;

// Our failures are told on the console and stay ours.
const warn = (error) => console.warn("parrain", error);
const attempt = (act) => {
  try {
    return act();
  } catch (error) {
    warn(error);
  }
};

// What each campaign of the page is about; the loader's `page` is its key.
const scenes = new Map();
const scene = (page) => {
  if (!scenes.has(page)) scenes.set(page, { filled: new WeakSet(), asked: new Set(), turn: 0 });
  return scenes.get(page);
};

const here = () => location.pathname + location.search;

// Does it a moment later, once for all who called meanwhile.
const soon = (act) => {
  let timer;
  return () => {
    timer ||= setTimeout(() => {
      timer = 0;
      attempt(act);
    }, 250);
  };
};

// Does what is to be done by itself, each time that the visit's answer came or changed.
export const around = (page) => {
  const it = scene(page);
  if (!it.heard) {
    it.heard = true;
    const look = soon(() => looked(page));
    it.path = here();
    // Another address is another page: its first second is its own, and it may have a field of its own.
    const move = () => {
      if (it.path !== here()) it.calm = it.found = false;
      it.path = here();
      look();
    };
    if (window.navigation) navigation.addEventListener("currententrychange", move);
    else addEventListener("popstate", move);
    addEventListener("load", look);
    document.addEventListener("DOMContentLoaded", look);
    // What is asked for may make a checkout of a page; and a field may be left as empty as it was.
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", look);
  }
  looked(page);
};

// Each for itself: what fails keeps nothing else from happening.
const looked = (page) => {
  attempt(() => fill(page, all));
  launch(page).catch(warn);
  attempt(() => wait(page));
};

// ---- The friend's coupon.

// Consent, an express claim, or nothing that has to be asked for.
const isAgreed = ({ kept, visit }) =>
  visit.consent !== "DENIED" &&
  (visit.claimed ||
    visit.consent === "GRANTED" ||
    kept.touch ||
    (visit.consent === "NOT_REQUIRED" && !navigator.globalPrivacyControl));

// Everything of a selector; a wrong one has nothing.
const plain = (root, selector) => {
  try {
    return [...root.querySelectorAll(selector)];
  } catch {
    return [];
  }
};
// Where the page itself has none, in open shadow roots too.
const all = (root, selector) => {
  const found = plain(root, selector);
  if (found[0]) return found;
  const roots = plain(root, "*").map((it) => it.shadowRoot);
  return roots.flatMap((it) => (it ? all(it, selector) : []));
};

// Writes the coupon once into each such field that is empty, and into none once somebody typed there.
// Fields come late, so this looks again as the page changes, until one was there, and whenever the focus
// goes elsewhere or the address changes.
const fill = (page, find) => {
  const it = scene(page);
  const { coupon, couponField } = page.visit;
  if (!coupon || !couponField || it.typed || !isAgreed(page)) return it.watch?.disconnect();
  if (!it.watch) {
    const hear = (event) => {
      const [field] = event.composedPath();
      const isIn = (root) => plain(root, page.visit.couponField).includes(field);
      if (!event.isTrusted || !isIn(field.getRootNode())) return;
      it.typed = true;
      it.watch.disconnect();
    };
    document.addEventListener("input", (event) => attempt(() => hear(event)), true);
    it.watch = new MutationObserver(soon(() => fill(page, plain)));
  }
  for (const field of find(document, couponField)) {
    if (it.filled.has(field) || !/^(input|textarea)$/.test(field.localName)) continue;
    // Somebody who is in the field is about to type.
    if (field.matches(":focus")) continue;
    it.filled.add(field);
    it.found = true;
    if (field.value || field.readOnly || field.disabled) continue;
    write(field, coupon);
    page.emit("parrain-coupon", { code: coupon });
  }
  if (it.found) it.watch.disconnect();
  else it.watch.observe(document, { childList: true, subtree: true });
};

// Frameworks watch a field's own `value`, so the browser's is asked to write; then they are told.
const write = (field, text) => {
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
  set.call(field, text);
  for (const name of ["input", "change"]) {
    field.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
};

// ---- How often.

const memory = {};
const key = (page, kind) => `prn-${kind}-${page.kept.campaign}`;
const noted = (page, kind) => {
  const name = key(page, kind);
  try {
    return { ...memory[name], ...JSON.parse(localStorage[name]) };
  } catch {
    return memory[name] || {};
  }
};
// That something was shown is kept in the browser where that is agreed to; that somebody closed it is
// their own wish, and is. Neither names anybody.
const note = (page, kind, what) => {
  const name = key(page, kind);
  const whole = { ...noted(page, kind), [what]: Date.now() };
  memory[name] = whole;
  const isKept = isAgreed(page);
  if (what !== "closed" && !isKept) return;
  try {
    localStorage[name] = JSON.stringify(isKept ? whole : { closed: whole.closed });
  } catch {}
};
const isCapped = (page, kind) => {
  const { everyDays, closedDays } = page.visit.prompt;
  const { shown = 0, closed = 0 } = noted(page, kind);
  const now = Date.now();
  return now < shown + everyDays * DAY || now < closed + closedDays * DAY;
};

// ---- Where not.

// Whether a path fits one of the owner's: `*` is any text; one with a question mark means the query too.
const fits = (patterns) =>
  patterns.some((pattern) => {
    const parts = pattern.split("*").map((it) => it.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    const { pathname, search } = location;
    const path = pathname + (pattern.includes("?") ? search : "");
    return new RegExp(`^${parts.join(".*")}/?$`).test(path);
  });

const paying =
  /(^|[/._-])(check-?outs?|cart|pay|payments?|panier|caisse|paiement|payer|commander?|kasse|warenkorb|zahlung(sart)?|bezahl(en|ung)|bestell(en|ung)|carrito|pagos?|pagar|tramitar-pedido|carrello|cassa|pagamento|finalizar|winkel(wagen|mand|mandje)|afrekenen|betal(en|ing)|kassa)([/._-]|$)/i;
// What shops sell, too: a whole step of the path.
const bags =
  /\/((shopping|my|view|your|mi|tu|ver|la|meu)[_-]?)?(bag|basket|cesta|carrinho)([_-](de[_-])?(la[_-])?compras?)?(\.\w+)?(\/|$)/i;

// Whoever pays is left alone: where an address says so, unless the owner calls it the page after a
// purchase, and wherever a card or a coupon is asked for.
const isCheckout = (page) => {
  const { couponField, prompt } = page.visit;
  if (fits(prompt.quietPages)) return true;
  const { pathname } = location;
  if ((paying.test(pathname) || bags.test(pathname)) && !fits(prompt.purchasePages)) return true;
  const asks = (selector) => attempt(() => all(document, selector).some(page.visible));
  return asks("[autocomplete^='cc-'],[autocomplete*=' cc-']") || (couponField && asks(couponField));
};

// Whether the page has a window of its own open, and whether one of ours is or comes. An element that is moved
// loses its window.
const isBehind = (page) => {
  const others = "dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]";
  return plain(document, others).some(page.visible);
};
const inside = (host) => host.shadowRoot?.querySelector("dialog[open]");
const isTaken = (page) => open === true || (open?.isConnected && inside(open)) || isBehind(page);

// Whoever is in a field, or in a frame that hides from us where they are.
const isTyping = () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return !!at?.matches("input,textarea,select,iframe,[contenteditable]");
};

// Why nothing may open at this moment; `alone`: nobody called for it.
const hindrance = (page, alone) => {
  if (isCheckout(page)) return "CHECKOUT";
  if (isBehind(page)) return "DIALOG";
  return alone && (isTyping() || !scene(page).calm) ? "BUSY" : null;
};

// ---- What is asked.

// What is shown: true until it is there. A page may take it away.
let open;
const not = (reason) => ({ shown: false, reason });

// Asks, unless that is not the moment; resolves to whether it was, and why not. `now`: somebody wants it;
// `alone`: nobody called for it.
const ask = async (page, kind, given = {}, { now, alone } = {}) => {
  const visit = await page.calls.visit();
  if (!visit?.prompt) return not("NOT_RUNNING");
  if (kind === "offer" && !visit.referred) return not("NOT_REFERRED");
  if (isCheckout(page)) return not("CHECKOUT");
  if (isTaken(page)) return not("DIALOG");
  if (!now && isCapped(page, kind)) return not("CAPPED");
  open = true;
  try {
    const { show } = await import(new URL("dialog.js", import.meta.url));
    const it = scene(page);
    const me = kind === "prompt" ? await known(page) : null;
    const { turn } = it;
    let shown;
    const closed = () => {
      open = null;
      if (!shown?.isOver) note(page, kind, "closed");
      page.emit("parrain-closed", { kind });
    };
    // What it waited for took its time, and a link is of whoever was there then.
    let reason;
    const isTheirs = () => kind === "offer" || turn === it.turn;
    const may = () => isTheirs() && !(reason = hindrance(page, alone));
    open = await show({ page, kind, given, me, may, closed });
    if (!open) return not(reason || "GONE");
    it.shown = shown = { host: open, id: me?.id };
    note(page, kind, "shown");
    page.emit("parrain-shown", { kind });
    return { shown: true };
  } catch (error) {
    open = null;
    throw error;
  }
};

// `given`: what a page says: `code`, `base`, `message`, `lang`, …, and `now`, where a person asked for it; or
// the element that asks as soon as it may, and shows its content in the window only.
export const prompt = async (page, given) => {
  if (!(given instanceof Element)) return ask(page, "prompt", given, { now: given?.now === true });
  (given.shadowRoot || given.attachShadow({ mode: "open" })).replaceChildren();
  scene(page).element = given;
  if (await page.calls.visit()) wait(page);
};
export const offer = (page, given) => ask(page, "offer", given, { now: given?.now === true });

// ---- By itself.

// What this page is for, if it is for anything that was not asked yet.
const due = (page) => {
  const { asked, element } = scene(page);
  const { claimed, consent, prompt, referred } = page.visit;
  const path = here();
  if (!prompt) return [];
  const isOffered = prompt.offer && referred && !claimed && consent !== "DENIED";
  if (isOffered && !asked.has("offer")) return ["offer", "offer"];
  if (element?.isConnected && !asked.has(element)) return ["prompt", element, element];
  return fits(prompt.purchasePages) && !asked.has(path) ? ["prompt", path] : [];
};

// Looks every second until the page is there, and nothing else is before it; then less often, while
// somebody pays.
const wait = (page) => {
  const it = scene(page);
  const again = (time = 1e3) => {
    clearTimeout(it.timer);
    it.timer = setTimeout(() => attempt(() => wait(page)), time);
  };
  clearTimeout(it.timer);
  const [kind, what, given] = due(page);
  if (!kind) return;
  const { hidden, readyState } = document;
  if (hidden || isTyping() || readyState !== "complete" || !it.calm) {
    // The first second of a page is its own.
    it.calm = readyState === "complete";
    return again();
  }
  if (isTaken(page)) return again();
  it.asked.add(what);
  const asked = ask(page, kind, given, { alone: true }).then(({ reason }) => {
    if (!/^(BUSY|CHECKOUT|DIALOG|GONE)$/.test(reason)) return wait(page);
    it.asked.delete(what);
    again(5e3);
  });
  asked.catch(warn);
};

// A button in the corner: for a day, and again once people may be asked again.
const launch = async (page) => {
  const it = scene(page);
  const { prompt } = page.visit;
  const { shown = 0, closed = 0 } = noted(page, "launcher");
  const now = Date.now();
  const isDay = now < shown + DAY || shown + (prompt?.everyDays || 0) * DAY <= now;
  const isWanted =
    prompt?.launcher && isDay && closed + prompt.closedDays * DAY <= now && !isCheckout(page);
  if (!isWanted || it.launcher) {
    if (!isWanted) it.launcher?.remove();
    if (!isWanted) it.launcher = null;
    return;
  }
  const host = (it.launcher = document.createElement("parrain-launcher"));
  const { place } = await import(new URL("dialog.js", import.meta.url));
  const may = () => it.launcher === host && !host.isConnected;
  if (!may()) return;
  if (shown + DAY <= now) note(page, "launcher", "shown");
  await place({
    page,
    host,
    may,
    press: () => ask(page, "prompt", {}, { now: true }).catch(warn),
    close: () => {
      note(page, "launcher", "closed");
      it.launcher.remove();
      it.launcher = null;
    },
  });
};

// ---- Who it is.

// Who sent the visitor, if they agreed to be named.
export const referrer = async (page) => (await page.calls.visit())?.referrer ?? null;

// Whom the page says it has before it: `jwt` (or `token`), or `email` and `hash`; nothing: nobody any more.
// Resolves to what that participant may see of themselves, or to null.
export const identify = async (page, said) => {
  const it = scene(page);
  const turn = (it.turn += 1);
  const user = customer(said);
  page.root[page.kept.campaign].user = user;
  it.me = null;
  // Nobody is nobody: whoever signed in within this tab is gone, too.
  if (!user) page.attempt(() => sessionStorage.removeItem(`prn-me-${page.kept.campaign}`));
  const me = user && (await session(page, user));
  // Somebody else was named meanwhile.
  if (turn !== it.turn) return null;
  it.me = me;
  // A window with somebody else's link closes, by no wish of anybody's.
  const { shown } = it;
  if (shown?.id && shown.id !== me?.id) {
    shown.isOver = true;
    inside(shown.host)?.close();
  }
  page.emit("parrain-identify", { participant: me });
  return me;
};

const customer = (said) => {
  const { email, hash, jwt = said?.token } = said || {};
  return jwt ? { jwt } : email && hash ? { email, hash } : null;
};

const session = async (page, user) => {
  const { campaign } = page.kept;
  try {
    const answer = await fetch(`${origin}/_p/session`, {
      method: "POST",
      body: JSON.stringify({ campaign, ...user }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return (await answer.json()).participant;
    if (answer.status !== 404) console.warn("parrain: nobody is signed in:", answer.status);
  } catch {}
  return null;
};

// The participant before the page: told by the page, or signed in by the dashboard in this tab. Once the page
// has named somebody, or nobody, only that counts.
const known = async (page) => {
  const it = scene(page);
  const { turn } = it;
  const { campaign } = page.kept;
  const user = turn ? page.root[campaign].user : customer(window.grsfConfig);
  if (!it.me && user) {
    const me = await session(page, user);
    if (turn !== it.turn) return known(page);
    it.me = me;
  }
  if (it.me) return it.me;
  const me = await signedIn(campaign, turn && user);
  return turn === it.turn ? me : known(page);
};

// Whom the dashboard signed in within this tab; `user`: nobody but that customer.
const signedIn = async (campaign, user) => {
  try {
    const { token, who } = JSON.parse(sessionStorage[`prn-me-${campaign}`]);
    if (!token || (user && who !== (user.jwt || user.email + user.hash))) return null;
    const headers = { Authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${origin}/_p/me?campaign=${campaign}`, { headers, signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
};
