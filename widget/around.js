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
  if (!scenes.has(page)) scenes.set(page, { filled: new WeakSet(), asked: new Set() });
  return scenes.get(page);
};

// Does what is to be done by itself, each time that the visit's answer came or changed.
export const around = (page) => {
  const it = scene(page);
  if (!it.heard) {
    it.heard = true;
    const look = () => attempt(() => looked(page));
    if (window.navigation) navigation.addEventListener("currententrychange", look);
    else addEventListener("popstate", look);
    addEventListener("load", look);
    document.addEventListener("DOMContentLoaded", look);
    // What is asked for may make a checkout of a page.
    document.addEventListener("focusin", look);
  }
  attempt(() => looked(page));
};

const looked = (page) => {
  fill(page);
  launch(page).catch(warn);
  wait(page);
};

// ---- The friend's coupon.

// Consent, an express claim, or nothing that has to be asked for.
const isAgreed = ({ kept, visit }) =>
  visit.consent !== "DENIED" &&
  (visit.claimed ||
    visit.consent === "GRANTED" ||
    kept.touch ||
    (visit.consent === "NOT_REQUIRED" && !navigator.globalPrivacyControl));

// Everything of a selector; where the page itself has none, in open shadow roots too.
const all = (root, selector) => {
  const found = [...root.querySelectorAll(selector)];
  if (found[0]) return found;
  const roots = [...root.querySelectorAll("*")].map((it) => it.shadowRoot);
  return roots.flatMap((it) => (it ? all(it, selector) : []));
};

// Writes the coupon once into each such field that is empty, and into none once somebody typed there.
// Fields come late, so this looks again as the page changes, until it found one.
const fill = (page) => {
  const it = scene(page);
  const { coupon, couponField } = page.visit;
  if (!coupon || !couponField || it.typed || !isAgreed(page)) return;
  if (!it.watched) {
    it.watched = true;
    const hear = (event) => {
      const [field] = event.composedPath();
      if (event.isTrusted && attempt(() => field.matches?.(couponField))) it.typed = true;
    };
    document.addEventListener("input", hear, true);
    let due;
    const later = () => {
      due ||= setTimeout(() => {
        due = 0;
        attempt(() => fill(page));
      }, 250);
    };
    new MutationObserver(later).observe(document, { childList: true, subtree: true });
    document.addEventListener("focusout", later);
  }
  for (const field of all(document, couponField)) {
    if (it.filled.has(field) || !/^(input|textarea)$/.test(field.localName)) continue;
    // Somebody who is in the field is about to type.
    if (field.matches(":focus")) continue;
    it.filled.add(field);
    if (field.value || field.readOnly || field.disabled) continue;
    write(field, coupon);
    page.emit("parrain-coupon", { code: coupon });
  }
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
    return JSON.parse(localStorage[name] || "null") || memory[name] || {};
  } catch {
    return memory[name] || {};
  }
};
// That something was shown is kept in the browser where that is agreed to; that somebody closed it is
// their own wish, and is. Neither names anybody.
const note = (page, kind, what) => {
  const name = key(page, kind);
  memory[name] = { ...noted(page, kind), [what]: Date.now() };
  if (what !== "closed" && !isAgreed(page)) return;
  try {
    localStorage[name] = JSON.stringify(memory[name]);
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
  /(^|[/._-])(check-?outs?|cart|basket|bag|pay|payments?|panier|caisse|paiement|commander?|kasse|warenkorb|carrito|pago|carrello|cassa)([/._-]|$)/i;

// Whoever pays is left alone: where an address says so, unless the owner calls it the page after a
// purchase, and wherever a card or a coupon is asked for.
const isCheckout = (page) => {
  const { couponField, prompt } = page.visit;
  if (fits(prompt.quietPages)) return true;
  if (paying.test(location.pathname) && !fits(prompt.purchasePages)) return true;
  const asks = (selector) => attempt(() => all(document, selector).some(page.visible));
  return asks("[autocomplete^='cc-'],[autocomplete*=' cc-']") || (couponField && asks(couponField));
};

const isTaken = (page) => {
  const others = "dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true]";
  return open === true || open?.isConnected || [...document.querySelectorAll(others)].some(page.visible);
};

// ---- What is asked.

// What is shown: true until it is there. A page may take it away.
let open;
const not = (reason) => ({ shown: false, reason });

// Asks, unless that is not the moment; resolves to whether it was, and why not. `now`: somebody wants it.
const ask = async (page, kind, given = {}, now = false) => {
  const visit = await page.calls.visit();
  if (!visit?.prompt) return not("NOT_RUNNING");
  if (kind === "offer" && !visit.referred) return not("NOT_REFERRED");
  if (isCheckout(page)) return not("CHECKOUT");
  if (isTaken(page)) return not("DIALOG");
  if (!now && isCapped(page, kind)) return not("CAPPED");
  open = true;
  try {
    const { show } = await import(new URL("dialog.js", import.meta.url));
    note(page, kind, "shown");
    const me = kind === "prompt" ? await known(page) : null;
    const closed = () => {
      open = null;
      note(page, kind, "closed");
      page.emit("parrain-closed", { kind });
    };
    open = await show({ page, kind, given, me, closed });
    if (!open) return not("GONE");
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
  if (!(given instanceof Element)) return ask(page, "prompt", given, given?.now === true);
  (given.shadowRoot || given.attachShadow({ mode: "open" })).replaceChildren();
  scene(page).element = given;
  if (await page.calls.visit()) wait(page);
};
export const offer = (page, given) => ask(page, "offer", given, given?.now === true);

// ---- By itself.

// What this page is for, if it is for anything that was not asked yet.
const due = (page) => {
  const { asked, element } = scene(page);
  const { claimed, consent, prompt, referred } = page.visit;
  const path = location.pathname + location.search;
  if (!prompt) return [];
  const isOffered = prompt.offer && referred && !claimed && consent !== "DENIED";
  if (isOffered && !asked.has("offer")) return ["offer", "offer"];
  if (element?.isConnected && !asked.has(element)) return ["prompt", element, element];
  return fits(prompt.purchasePages) && !asked.has(path) ? ["prompt", path] : [];
};

// Looks every second until the page is there, and nothing else is before it.
const wait = (page) => {
  const it = scene(page);
  clearTimeout(it.timer);
  const [kind, what, given] = due(page);
  if (!kind) return;
  const { activeElement: at, hidden, readyState } = document;
  const isTyping = at?.matches("input,textarea,select,[contenteditable]");
  const again = () => (it.timer = setTimeout(() => attempt(() => wait(page)), 1e3));
  if (hidden || isTyping || readyState !== "complete" || !it.calm) {
    // The first second of a page is its own.
    it.calm = readyState === "complete";
    return again();
  }
  if (isTaken(page)) return again();
  it.asked.add(what);
  ask(page, kind, given).then(() => wait(page)).catch(warn);
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
  it.launcher = document.createElement("parrain-launcher");
  const { place } = await import(new URL("dialog.js", import.meta.url));
  if (!it.launcher || it.launcher.isConnected) return;
  if (shown + DAY <= now) note(page, "launcher", "shown");
  place({
    page,
    host: it.launcher,
    press: () => ask(page, "prompt", {}, true).catch(warn),
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
  const own = window.parrain[page.kept.campaign];
  const { email, hash, jwt = said?.token } = said || {};
  const user = jwt ? { jwt } : email && hash ? { email, hash } : null;
  own.user = user;
  scene(page).me = user && (await session(page, user));
  page.emit("parrain-identify", { participant: scene(page).me });
  return scene(page).me;
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

// The participant before the page: told by the page, or signed in by the dashboard in this tab.
const known = async (page) => {
  const it = scene(page);
  const { campaign } = page.kept;
  const user = window.parrain[campaign].user || window.grsfConfig;
  if (!it.me && user) it.me = await session(page, user);
  if (it.me) return it.me;
  try {
    const { token } = JSON.parse(sessionStorage[`prn-me-${campaign}`]);
    if (!token) return null;
    const headers = { Authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${origin}/_p/me?campaign=${campaign}`, { headers, signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
};
