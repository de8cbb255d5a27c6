// What people are asked in a window over the page: a friend, whether they want what they are offered; a
// customer, whether they share their link. And the button in the corner. Loaded when one of them is shown.

const { origin } = new URL(import.meta.url);

// How long a catalogue and the card may take together for what somebody waits to see.
const PATIENCE = 3e3;

// A catalogue has the same keys.
const WORDS = {
  en: {
    friend: "A friend",
    gives: "{friend} gives you {offer}",
    recommends: "{friend} recommends us to you",
    offered: "It is yours when you sign up or order here.",
    claim: "Claim it",
    accept: "Accept the invitation",
    consent: "This site then remembers who recommended it to you.",
    thanks: "Thank you! It is noted, and counts when you sign up or order.",
    failed: "That did not work. Please try again.",
    code: "Your code:",
    filled: "At the checkout it is filled in for you.",
    ask: "Recommend us to your friends",
    yours: "Your own link is ready.",
    none: "You get a link of your own, and may share it as you like.",
    get: "Get my link",
    terms: "Terms",
    later: "Not now",
    close: "Close",
    copyCode: "Copy",
    copiedCode: "Copied",
    launcher: "Recommend us",
    remove: "Remove this button",
  },
  fr: {
    friend: "Un proche",
    gives: "{friend} vous offre {offer}",
    recommends: "{friend} vous recommande notre site",
    offered: "C’est à vous dès votre inscription ou votre commande ici.",
    claim: "J’en profite",
    accept: "J’accepte l’invitation",
    consent: "Ce site retient alors qui vous l’a recommandé.",
    thanks: "Merci\u{a0}! C’est noté, et compte dès votre inscription ou votre commande.",
    failed: "Cela n’a pas marché. Veuillez réessayer.",
    code: "Votre code\u{a0}:",
    filled: "Au paiement, il est rempli pour vous.",
    ask: "Recommandez-nous à vos proches",
    yours: "Votre lien personnel est prêt.",
    none: "Vous recevez un lien personnel, à partager comme vous voulez.",
    get: "Obtenir mon lien",
    terms: "Conditions",
    later: "Pas maintenant",
    close: "Fermer",
    copyCode: "Copier",
    copiedCode: "Copié",
    launcher: "Recommandez-nous",
    remove: "Retirer ce bouton",
  },
};

const language = (host) => {
  const said = host?.closest?.("[lang]")?.lang || document.documentElement.lang;
  return /^fr/i.test(said || navigator.language) ? "fr" : "en";
};

// An element with attributes and children: no text is ever read as markup.
const make = (name, attributes, ...children) => {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  it.append(...children.filter((it) => it));
  return it;
};

// A sentence of parts, each value in its own direction.
const filled = (sentence, values) =>
  sentence
    .split(/(\{\w+\})/)
    .map((it) => (values[it] === undefined ? it : make("bdi", { translate: "no" }, values[it])));

// What a module makes of a catalogue that somebody named; nothing, where it fails or is not there in time.
const spoken = async (name, until, file, act) => {
  if (!name) return;
  const late = new Promise((_, no) => setTimeout(no, until - Date.now(), `no answer: ${name}`));
  try {
    return await Promise.race([import(new URL(file, import.meta.url)).then(act), late]);
  } catch (error) {
    console.warn("parrain", error);
  }
};

// What is said and how: a catalogue's texts over our own, its language and direction.
const voice = async (name, until, lang) => {
  const own = await spoken(name, until, "catalogue.js", (it) => it.read(name));
  const speech = { lang: own?.lang || lang, dir: own?.dir === "rtl" ? "rtl" : "ltr" };
  return { catalogue: own && name, speech, words: { ...WORDS[lang], ...own } };
};

// What it does and fails in is told on the console, and stays ours.
const button = (text, attributes, act) => {
  const it = make("button", { type: "button", ...attributes }, text);
  it.addEventListener("click", async () => {
    try {
      await act();
    } catch (error) {
      console.warn("parrain", error);
    }
  });
  return it;
};

// Lengths follow no root element of somebody else's page; and what lies over it takes no place in it.
const STYLE = `
:host {
  display: contents;
  --accent: #0b6b56; --on-accent: #fff; --link: #0b6b56;
  --card: #fff; --ink: #14211d; --line: #d9e1dd; --focus: #c2410c;
}
@media (prefers-color-scheme: dark) {
  :host {
    --accent: #58cdae; --on-accent: #04231b; --link: #6fdabd;
    --card: #17201d; --ink: #e6eeeb; --line: #2a3632; --focus: #ffab73;
  }
}
dialog, aside {
  --a: var(--parrain-accent, var(--accent));
  --on: var(--parrain-accent-text, var(--on-accent));
  --back: var(--parrain-background, var(--card));
  --text: var(--parrain-text, var(--ink));
  --edge: var(--parrain-border, var(--line));
  --mark: var(--parrain-accent, var(--link));
}
* { box-sizing: border-box; }
dialog, aside {
  font: 400 var(--parrain-rem, 16px)/1.5 var(--parrain-font, system-ui, sans-serif);
  background: var(--back);
  color: var(--text);
  text-align: start;
  letter-spacing: normal;
  text-transform: none;
}
dialog {
  width: min(29em, 100% - 2em);
  max-height: calc(100dvh - 2em);
  margin: auto;
  padding: 1.5em;
  overflow: auto;
  overscroll-behavior: contain;
  border: 1px solid var(--edge);
  border-radius: var(--parrain-radius, 1em);
  box-shadow: 0 1em 3em rgb(0 0 0 / 0.25);
}
dialog::backdrop { background: rgb(10 20 18 / 0.5); }
h2 {
  margin: 0 0 0.5em;
  padding-inline-end: 1.75em;
  font-size: 1.35em;
  font-weight: 700;
  line-height: 1.2;
  overflow-wrap: anywhere;
  text-wrap: balance;
}
h2:focus { outline: none; }
p { margin: 0 0 0.75em; overflow-wrap: anywhere; }
p:empty { margin: 0; }
ul { margin: 0 0 1em; padding-inline-start: 1.2em; }
.small { font-size: 0.875em; }
p.small { margin: 0.75em 0 0; }
button, .button {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  min-height: 2.75em;
  padding: 0.5em 1.1em;
  border: 1px solid var(--mark);
  border-radius: 0.5em;
  background: none;
  color: var(--mark);
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  cursor: pointer;
}
.primary { border-color: var(--a); background: var(--a); color: var(--on); }
[aria-disabled="true"] { opacity: 0.7; cursor: progress; }
.close {
  position: absolute;
  inset-block-start: 0.6em;
  inset-inline-end: 0.6em;
  width: 2.75em;
  padding: 0;
  border-color: transparent;
  color: inherit;
}
.close svg { width: 1.1em; height: 1.1em; }
a { color: var(--mark); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.acts { display: flex; flex-wrap: wrap; gap: 0.6em; align-items: center; margin-top: 1.1em; }
.acts .terms { margin-inline-start: auto; padding-block: 0.6em; }
.code {
  display: flex;
  flex-wrap: wrap;
  gap: 0.4em 0.8em;
  align-items: center;
  padding: 0.7em 0.9em;
  border: 2px dashed var(--edge);
  border-radius: 0.5em;
}
.code strong { font-size: 1.15em; letter-spacing: 0.04em; overflow-wrap: anywhere; }
.code button { margin-inline-start: auto; }
parrain-share {
  margin-block: 0.5em;
  --parrain-accent: var(--mark);
  --parrain-accent-text: var(--back);
  --parrain-background: var(--back);
  --parrain-text: var(--text);
  --parrain-border: var(--edge);
}
aside {
  position: fixed;
  z-index: 2147483000;
  inset-block-end: max(1em, env(safe-area-inset-bottom));
  inset-inline-end: 1em;
  display: flex;
  border: 1px solid var(--edge);
  border-radius: 2em;
  box-shadow: 0 0.3em 1em rgb(0 0 0 / 0.2);
}
aside button { border-color: transparent; border-radius: 2em; }
aside .remove { width: 2.75em; padding: 0; color: inherit; }
aside svg { width: 0.9em; height: 0.9em; }
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: come 0.2s ease-out; }
  @keyframes come { from { translate: 0 0.75em; } }
}
@media (forced-colors: active) { aside, dialog { border: 1px solid; } }
@media print { dialog, aside { display: none; } }
`;

const own = new CSSStyleSheet();
own.replaceSync(STYLE);
const looks = {};
// Our styles, over the campaign's own colours.
const dress = (root, campaign) => {
  root.adoptedStyleSheets = [own];
  looks[campaign] ||= fetch(`${origin}/c/${campaign}/look.css`).then(async (answer) => {
    const sheet = new CSSStyleSheet();
    if (answer.ok) sheet.replaceSync((await answer.text()).replace(/:root|html(?={)/g, ":host"));
    return sheet;
  });
  looks[campaign].then(
    (sheet) => (root.adoptedStyleSheets = [own, sheet]),
    () => delete looks[campaign],
  );
};

const cross = () => {
  const svg = (name, attributes) => {
    const it = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    return it;
  };
  const it = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  it.append(svg("path", { d: "M2 2l12 12M14 2L2 14", stroke: "currentColor", "stroke-width": "2" }));
  return it;
};

// Shows what is asked if it still may, and resolves to where; `closed` is called once somebody closed it. A
// native dialog keeps the focus within, hears Escape, and gives the focus back.
export const show = async ({ page, kind, given, me, may, closed }) => {
  const { campaign } = page.kept;
  const isElement = given instanceof Element;
  const option = (name) => (isElement ? given.getAttribute(name) : given?.[name]) || undefined;
  const lang = /^fr/i.test(option("lang")) ? "fr" : option("lang") ? "en" : language(isElement && given);
  const until = Date.now() + PATIENCE;
  // What the owner wrote into the element goes before ours.
  const card = kind === "offer" || (isElement && given.childNodes[0]) ? null : read(campaign);
  const named = option("catalogue") || page.data.catalogue;
  const { catalogue, speech, words } = await voice(named, until, lang);
  const host = isElement ? given : make("parrain-dialog", {});
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  dress(root, campaign);
  const title = make("h2", { id: "title", part: "title", tabindex: "-1", autofocus: "" });
  const body = make("div", { part: "body" });
  const dialog = make("dialog", { "aria-labelledby": "title", part: "base", ...speech });
  const close = () => dialog.close();
  const shut = button(cross(), { class: "close", part: "close", "aria-label": words.close }, close);
  dialog.append(title, body, shut);
  // A press beside the window closes it, one that began within does not. Its own edge is within.
  let began;
  const isBeside = ({ clientX: x, clientY: y, target }) => {
    const { top, right, bottom, left } = dialog.getBoundingClientRect();
    return target === dialog && (x < left || right < x || y < top || bottom < y);
  };
  dialog.addEventListener("pointerdown", (event) => (began = isBeside(event)));
  dialog.addEventListener("click", (event) => began && isBeside(event) && close());
  let over;
  const end = () => {
    if (over) return;
    over = true;
    closed();
    root.replaceChildren();
    if (!isElement) host.remove();
  };
  dialog.addEventListener("close", end);
  const scene = { body, campaign, card, catalogue, close, lang, me, option, page, title, until, words };
  if (kind === "offer") offered(scene);
  else await asked(scene);
  if (!may()) return;
  root.replaceChildren(dialog);
  if (!isElement) document.body.append(host);
  // An element that left its page meanwhile asks nobody.
  if (!host.isConnected) return root.replaceChildren();
  dialog.showModal();
  title.focus();
  return host;
};

// What the friend is offered, and by whom, if they agreed to be named.
const offered = ({ body, close, page, title, words }) => {
  const { visit } = page;
  const values = { "{friend}": visit.referrer?.firstName || words.friend, "{offer}": visit.offer };
  title.append(...filled(visit.offer ? words.gives : words.recommends, values));
  const status = make("p", { role: "status" });
  const code = make("div", {});
  const acts = make("div", { class: "acts" });
  const finish = () => {
    const { coupon, couponField } = page.visit;
    if (coupon) {
      const shown = make("strong", { dir: "ltr", translate: "no" }, coupon);
      const copy = button(words.copyCode, {}, async () => {
        try {
          await navigator.clipboard.writeText(coupon);
        } catch {
          // Then people copy it themselves.
          return getSelection().selectAllChildren(shown);
        }
        copy.textContent = words.copiedCode;
      });
      const line = make("p", { class: "code" }, words.code, shown, navigator.clipboard && copy);
      code.append(line, couponField ? make("p", { class: "small" }, words.filled) : "");
    }
    const done = button(words.close, { class: "primary" }, close);
    acts.replaceChildren(done);
    return done;
  };
  const lead = make("p", {}, visit.offer ? words.offered : "");
  body.append(lead, status, code, acts);
  if (visit.claimed || visit.consent === "GRANTED") return void finish();
  const label = visit.offer ? words.claim : words.accept;
  const claim = button(label, { class: "primary", part: "claim" }, async () => {
    if (claim.getAttribute("aria-disabled") === "true") return;
    claim.setAttribute("aria-disabled", "true");
    await page.calls.claim();
    claim.removeAttribute("aria-disabled");
    if (!page.visit?.claimed) {
      status.textContent = words.failed;
      return;
    }
    status.textContent = words.thanks;
    lead.remove();
    hint.remove();
    finish().focus();
  });
  const hint = make("p", { class: "small" }, words.consent);
  acts.append(claim, button(words.later, {}, close));
  body.append(hint);
};

// What the customer gets by sharing, and their link, where it is known whose page this is.
const asked = async (scene) => {
  const { body, campaign, card, catalogue, close, lang, me, option, title, words } = scene;
  title.textContent = words.ask;
  body.append(card ? make("ul", {}, ...(await promises(scene))) : make("slot", {}));
  const list = body.querySelector("ul");
  if (list && !list.childElementCount) list.remove();
  const code = option("code") || me?.vanityKeys?.at(-1) || me?.id;
  const acts = make("div", { class: "acts" });
  if (code) {
    body.append(make("p", {}, words.yours));
    const base = option("base") || me?.shareUrl?.replace(/\/r\/[^/]*$/, "") || origin;
    const share = make("parrain-share", { base, campaign, code, lang });
    if (catalogue) share.setAttribute("catalogue", catalogue);
    for (const name of ["channels", "message", "subject"]) {
      if (option(name)) share.setAttribute(name, option(name));
    }
    body.append(share);
  } else {
    body.append(make("p", {}, words.none));
    const href = `${origin}/me/${campaign}?lang=${lang}`;
    const link = { class: "button primary", href, target: "_blank", rel: "noopener", part: "join" };
    acts.append(make("a", link, words.get));
  }
  acts.append(button(words.later, { part: "later" }, close));
  const terms = { class: "terms small", href: `${origin}/c/${campaign}?lang=${lang}`, target: "_blank" };
  acts.append(make("a", { ...terms, rel: "noopener" }, words.terms));
  body.append(acts);
};

// What the live rules promise, as the card has it; nothing, where it cannot be read in a while.
const read = async (campaign) => {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`${origin}/c/${campaign}/card.json`, { signal });
    const [first] = (await answer.json()).rewards;
    return [first?.referrer, first?.friend].filter((it) => it);
  } catch {
    return [];
  }
};
const promises = async ({ card, catalogue, lang, until }) => {
  const said = await spoken(catalogue, until, "speak.js", (it) => it.open(catalogue));
  return (await card).map((it) => {
    const own = said?.promise(it.en);
    return own ? make("li", {}, ...own) : make("li", { lang, dir: "ltr" }, it[lang]);
  });
};

// Puts the button into the corner, if it still may.
export const place = async ({ page, host, press, close, may }) => {
  const { catalogue } = page.data;
  const { speech, words } = await voice(catalogue, Date.now() + PATIENCE, language());
  if (!may()) return;
  const root = host.attachShadow({ mode: "open" });
  dress(root, page.kept.campaign);
  const remove = { class: "remove", part: "remove", "aria-label": words.remove };
  const open = button(words.launcher, { part: "launcher" }, press);
  const bar = make("aside", { "aria-label": words.launcher, part: "base", ...speech });
  bar.append(open, button(cross(), remove, close));
  root.append(bar);
  document.body.append(host);
};
