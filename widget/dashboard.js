// <parrain-dashboard>: somebody's own page of a campaign, within a page of the site. The service renders
// it, this shows it in a shadow root: it signs the person in, sends the forms, and looks again. Loaded
// only where such an element is.

import { copy, remember, save, send, typed } from "./acts.js";

const { origin } = new URL(import.meta.url);
// How often an open dashboard looks again, and at most after failures; how long an answer may take, and a
// catalogue.
const [LOOK, SELDOM, PATIENCE, CATALOGUE] = [20e3, 300e3, 15e3, 3e3];

// A catalogue has the same keys.
const WORDS = {
  en: {
    loading: "Loading your page …",
    offline: "You are offline. What you see may be old.",
    unreached: "The page could not be reached.",
    again: "Try again",
    come: "Your link signs you in here.",
    enter: "Sign in",
    spent: "This link opens nothing any more: it works once, for 15 minutes.",
    news: "There is something new.",
    hosted: "Open the page",
  },
  fr: {
    loading: "Votre page se charge …",
    offline: "Vous êtes hors ligne. Ce que vous voyez n’est peut-être plus à jour.",
    unreached: "La page n’a pas pu être chargée.",
    again: "Réessayer",
    come: "Votre lien vous connecte ici.",
    enter: "Se connecter",
    spent: "Ce lien n’ouvre plus rien\u{a0}: il sert une fois, pendant 15 minutes.",
    news: "Il y a du nouveau.",
    hosted: "Ouvrir la page",
  },
};

const boards = new WeakMap();

// Begins or goes on showing an element that is on the page.
export const connect = (host) => {
  if (!boards.has(host)) boards.set(host, new Board(host));
  boards.get(host).begin();
};

export const disconnect = (host) => boards.get(host)?.end();

// An element with attributes and children: no text is ever read as markup.
const make = (name, attributes, ...children) => {
  const it = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
  it.append(...children);
  return it;
};

// Room for the page, before its styles have come.
const room = new CSSStyleSheet();
room.replaceSync(":host{display:block;min-block-size:var(--parrain-height,640px)}");

let sheets;
// The styles of the participant's page, and the campaign's own colours over them.
const styles = async (campaign) => {
  const paths = [new URL("dashboard.css", import.meta.url), `${origin}/c/${campaign}/look.css`];
  sheets ||= {};
  sheets[campaign] ||= paths.map(async (path) => {
    const sheet = new CSSStyleSheet();
    const answer = await fetch(path);
    if (answer.ok) sheet.replaceSync((await answer.text()).replace(/:root|html(?={)/g, ":host"));
    return sheet;
  });
  const read = await Promise.allSettled(sheets[campaign]);
  // What failed is asked for again the next time.
  if (read.some((it) => !it.value)) sheets[campaign] = null;
  return read.map((it) => it.value).filter((it) => it);
};

// Whose session it is: what the site vouched with, or nothing.
const whose = (it) => (it ? it.jwt || it.email + it.hash : "");

class Board {
  constructor(host) {
    this.host = host;
    this.root = host.shadowRoot || host.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [room];
    this.campaign = host.getAttribute("campaign") || window.parrain?.campaign;
    this.home = `/me/${this.campaign}`;
    this.path = this.home;
    const said = host.closest("[lang]")?.lang || navigator.language;
    this.speak(/^fr/i.test(said) ? "fr" : "en");
    this.content = make("div", { class: "content" });
    this.trouble = make("div", { class: "trouble", part: "trouble", hidden: "" });
    this.heard = make("p", { class: "heard", role: "status" });
    this.bar = make("div", { class: "bar", part: "bar" });
    // The loader reads no form in here as a sign-up to the site.
    this.page = make(
      "div",
      { class: "page mine", part: "base", "data-parrain-ignore": "", dir: "ltr", lang: this.lang },
      ...[this.heard, this.trouble, this.bar, this.content],
    );
    this.root.addEventListener("click", (event) => this.pressed(event));
    this.root.addEventListener("submit", (event) => this.submitted(event));
    this.root.addEventListener("input", ({ target }) => typed(this, target));
    this.root.addEventListener("focusin", ({ target }) => {
      if (target.matches("input.link")) target.select();
    });
  }

  // The loader of this campaign and no other, which may come later.
  get parrain() {
    return window.parrain?.[this.campaign];
  }

  // Says its own words from now on in English or French, or by the catalogue.
  speak(lang, tongue = this.tongue) {
    this.lang = lang;
    this.words = { ...WORDS[lang], ...tongue?.own };
    if (!this.page) return;
    this.page.lang = tongue?.own.lang || lang;
    this.page.dir = tongue?.own.dir === "rtl" ? "rtl" : "ltr";
  }

  // Reads the catalogue of the element or of the tag, beside what is asked of the service. Nothing waits for it
  // for long: what comes later is spoken then.
  learn() {
    const tag = `script[data-campaign="${CSS.escape(this.campaign)}"][data-catalogue]`;
    const name = this.host.getAttribute("catalogue") || document.querySelector(tag)?.dataset.catalogue;
    if (!name || this.learnt) return;
    const read = import(new URL("speak.js", import.meta.url)).then((it) => it.open(name));
    const learnt = read.then((tongue) => {
      this.learnt = this.tongue = tongue;
      this.tag = null;
      if (tongue && this.isIn !== undefined && !this.isTyped()) this.go(this.path, null, true);
    });
    const told = learnt.catch((error) => console.warn("parrain", error));
    return Promise.race([told, new Promise((go) => setTimeout(go, CATALOGUE))]);
  }

  // What the service says, which it then says in English.
  said(text) {
    return this.tongue ? this.tongue.say(text) : text;
  }

  begin() {
    if (this.leave) return;
    this.leave = new AbortController();
    const { signal } = this.leave;
    const look = () => document.hidden || this.look();
    for (const [from, name] of [
      [document, "visibilitychange"],
      [window, "focus"],
      [window, "online"],
    ]) {
      from.addEventListener(name, look, { signal });
    }
    const gone = () => this.say(this.words.offline, () => this.go(this.path));
    addEventListener("offline", gone, { signal });
    document.addEventListener("parrain-identify", (event) => this.identified(event), { signal });
    this.open();
  }

  end() {
    this.leave?.abort();
    this.leave = null;
    clearTimeout(this.timer);
  }

  async open() {
    if (!this.root.contains(this.page)) {
      this.root.replaceChildren(this.page);
      this.empty();
      this.page.hidden = true;
      styles(this.campaign).then((sheets) => {
        this.root.adoptedStyleSheets = [room, ...sheets];
        this.page.hidden = false;
      });
      const begin = () => {
        this.learning = null;
        this.speak(this.lang);
        this.heard.textContent = this.words.loading;
      };
      this.learning = this.learn()?.then(begin);
      if (!this.learning) begin();
    }
    await this.enter();
  }

  // What is there before a page is.
  empty() {
    this.content.setAttribute("aria-busy", "true");
    this.content.replaceChildren(...[1, 2, 3].map(() => make("div", { class: "bone" })));
  }

  // What the browser keeps for as long as the tab is open: the token, whose it is, and for whom the site asked
  // it; where it keeps nothing, the element does.
  get kept() {
    try {
      return this.memory || JSON.parse(sessionStorage[`prn-me-${this.campaign}`] || "{}");
    } catch {
      return {};
    }
  }

  set kept(it) {
    try {
      sessionStorage[`prn-me-${this.campaign}`] = JSON.stringify(it);
      this.memory = null;
    } catch {
      this.memory = it;
    }
  }

  // Whom the site vouches for, if it does.
  customer() {
    const of = (name) => this.host.getAttribute(name) || undefined;
    const own = of("jwt") ? { jwt: of("jwt") } : of("hash") && { email: of("email"), hash: of("hash") };
    // Once the page has named somebody, or nobody, only that counts.
    const { user = window.grsfConfig } = this.parrain || {};
    const { jwt, email, hash } = own || user || {};
    return jwt ? { jwt } : email && hash ? { email, hash } : null;
  }

  // The page has named somebody, or nobody any more. Whoever is here already stays, and whoever types
  // something before they are known ends that first.
  identified(event) {
    const { campaign, participant } = event.detail || {};
    if (campaign !== this.campaign || !this.leave) return;
    const { token, id } = this.kept;
    const who = whose(this.customer());
    const isOver = !participant && !who && this.shown;
    if (this.who === who && !isOver) return;
    // Another word for the same person, such as a fresh token, changes nothing for them.
    if (id && participant?.id === id) {
      this.who = who;
      this.kept = { who, token, id };
      return;
    }
    if (!this.shown && this.isTyped()) return setTimeout(() => this.identified(event), 1e3);
    if (isOver) this.kept = {};
    return this.enter();
  }

  // Signs the site's customer in, or whoever comes by a link, and shows the page.
  async enter() {
    const customer = this.customer();
    const who = whose(customer);
    this.who = who;
    if (this.kept.who !== undefined && this.kept.who !== who) this.kept = {};
    // Nothing of somebody else stays, nor comes any more, whether there is an answer or not.
    if (this.shown && this.shown !== this.kept.token) {
      this.turn += 1;
      this.busy = this.isIn = false;
      this.shown = this.tag = null;
      this.say();
      this.empty();
      this.count();
    }
    const mark = /^#prn-me=([\w-]+)$/.exec(location.hash);
    if (mark) {
      history.replaceState(history.state, "", location.pathname + location.search);
      await this.learning;
      await this.means();
    }
    try {
      if (mark) await this.vouch({ link: mark[1] }, who);
      else if (customer && !this.kept.token && !this.kept.out) await this.vouch(customer, who);
    } catch {
      await this.learning;
      return who === this.who && this.fail();
    }
    await this.go(this.home, null, "entering");
    if (mark && !this.isIn) this.say(this.words.spent);
  }

  // A link is used up by whoever presses a button, and by no machine that looks links up beforehand.
  means() {
    return new Promise((done) => {
      const button = make("button", { type: "button", class: "primary" }, this.words.enter);
      button.addEventListener("click", done);
      const panel = make("div", { class: "panel stack" }, make("p", {}, this.words.come), button);
      this.content.replaceChildren(panel);
      this.content.removeAttribute("aria-busy");
      this.heard.textContent = "";
    });
  }

  async vouch(said, who) {
    const body = JSON.stringify({ campaign: this.campaign, ...said });
    const answer = await fetch(`${origin}/_p/session`, { method: "POST", body });
    // Somebody else was named meanwhile.
    if (who !== this.who) return;
    if (answer.ok) {
      const { token, participant } = await answer.json();
      this.kept = { who, token, id: participant.id };
    } else if (answer.status > 404) throw answer;
    else if (answer.status !== 404) console.warn("parrain: nobody is signed in:", answer.status);
  }

  // Asks the service; resolves to the answer, and fails when there is none.
  ask(path, form, quietly, type = "document") {
    return new Promise((done, failed) => {
      const url = new URL(path, origin);
      url.pathname = `/_p${url.pathname}`;
      url.searchParams.set("lang", this.tongue || this.learning ? "en" : this.lang);
      const call = new XMLHttpRequest();
      call.open(form ? "POST" : "GET", url);
      call.responseType = type;
      call.timeout = PATIENCE;
      const { token } = this.kept;
      if (token) {
        // Whose page it is that is shown.
        this.shown = token;
        call.setRequestHeader("Authorization", `Bearer ${token}`);
      }
      if (quietly && this.tag) call.setRequestHeader("If-None-Match", this.tag);
      call.onload = () => (call.status < 500 && call.status !== 429 ? done(call) : failed(call));
      call.onerror = call.ontimeout = failed;
      call.send(form);
    });
  }

  // Shows a page; `quietly` where nobody asked for it.
  async go(path, form, quietly) {
    if (this.busy && quietly === true) return;
    const turn = (this.turn = (this.turn || 0) + 1);
    this.busy = true;
    if (!quietly) this.content.setAttribute("aria-busy", "true");
    try {
      const { learning } = this;
      let call = await this.ask(path, form, quietly && path === this.home);
      await learning;
      // In English, as for a catalogue that did not come.
      if (learning && !this.tongue && this.lang !== "en") call = await this.ask(path, form);
      if (turn !== this.turn) return;
      this.slow = 0;
      this.say();
      if (call.status !== 304) await this.show(call, path, quietly);
    } catch (error) {
      await this.learning;
      if (turn === this.turn) this.fail(() => this.go(path, form, quietly), form);
    } finally {
      if (turn === this.turn) {
        this.busy = false;
        this.content.removeAttribute("aria-busy");
        this.wait();
      }
    }
  }

  show(call, path, quietly) {
    const page = call.responseXML;
    const main = page?.querySelector("main .mine");
    if (!main) throw call;
    const was = this.path;
    const at = new URL(call.responseURL || path, origin);
    this.path = at.pathname.replace(/^\/_p/, "");
    // A later page of friends is left as it is.
    this.isLive = this.path === this.home && !at.searchParams.has("friends");
    const { lang } = page.documentElement;
    const tongue = lang === "en" ? this.tongue : null;
    // What was asked for before the catalogue came is asked for again. Answers to forms have no tag.
    const tag = /^etag: *(\S+)/im.exec(call.getAllResponseHeaders());
    this.tag = this.tongue && !tongue ? null : tag?.[1];
    this.isIn = !!main.querySelector(".ways");
    if (!this.isIn) this.shown = null;
    // The session is over; if it was not ended by hand, the site's customer gets another.
    if (!this.isIn && this.kept.token) {
      const { who } = this.kept;
      const out = at.searchParams.has("done");
      this.kept = { who, out };
      if (!out && this.customer()) return this.enter();
    }
    const known = this.content.childElementCount && this.news;
    const parts = [main, ...page.querySelectorAll(".brand, .switch, .foot p")];
    for (const part of parts) {
      this.settle(part, call.responseURL);
      tongue?.write(part);
    }
    const back = remember(this);
    const [brand, change] = [".brand", ".switch"].map((it) => page.querySelector(it));
    const ways = (change && this.learnt?.switches(change, tongue ? null : lang)) || [change];
    this.bar.replaceChildren(...[brand, ...ways].filter((it) => it));
    const terms = page.querySelector(".foot p");
    this.content.replaceChildren(...main.childNodes, ...(terms ? [terms] : []));
    this.reveal();
    this.speak(tongue ? this.lang : lang || this.lang, tongue || null);
    this.count(quietly && known);
    back(!quietly && (was !== this.path || this.content.querySelector(".told, [aria-invalid]")));
  }

  // Addresses are the service's own, whatever page they are shown in.
  settle(part, base) {
    for (const it of [part, ...part.querySelectorAll("[href],[src],[action]")]) {
      for (const name of ["href", "src", "action"]) {
        const value = it.getAttribute(name);
        if (!/^[/?]/.test(value)) continue;
        const url = new URL(value, base || origin);
        url.pathname = url.pathname.replace(/^\/_p(?=\/me\/)/, "");
        it.setAttribute(name, url);
      }
    }
  }

  // Controls that only a script can serve.
  reveal() {
    const can = { copy: navigator.clipboard, native: navigator.share };
    for (const [name, it] of Object.entries(can)) {
      for (const control of this.content.querySelectorAll(`[data-${name}]`)) control.hidden = !it;
    }
  }

  // How much is new is told to the page, and to whoever listens.
  count(heard) {
    const shown = this.content.querySelector("[data-unread]")?.dataset.unread || "0";
    if (shown !== this.news) {
      if (heard && Number(shown) > Number(this.news)) this.heard.textContent = this.words.news;
      this.news = shown;
      this.host.setAttribute("unread", shown);
      const told = { detail: { count: Number(shown) }, bubbles: true, composed: true };
      this.host.dispatchEvent(new CustomEvent("parrain-unread", told));
    }
  }

  // Whether somebody is in the middle of a form.
  isTyped() {
    const at = this.root.activeElement;
    if (at?.matches("input:not([readonly]), textarea, select")) return true;
    return [...this.content.querySelectorAll("input, textarea")].some((it) =>
      /checkbox|radio/.test(it.type) ? it.checked !== it.defaultChecked : it.value !== it.defaultValue,
    );
  }

  // Looks again, unless that took something from somebody who is in the middle of it.
  look() {
    if (!this.leave) return;
    if (this.isTyped()) {
      if (navigator.onLine && !this.sent) this.say();
      this.wait();
    } else if (this.isIn && this.isLive) this.go(this.home, null, true);
    else if (this.retry && !this.sent) this.retry();
    else this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    const time = this.slow || LOOK;
    if (this.leave && this.isIn) this.timer = setTimeout(() => document.hidden || this.look(), time);
  }

  // Says what is wrong and offers to try again; nothing takes it back.
  say(text, again) {
    this.retry = again;
    this.trouble.hidden = !text;
    if (!text) return this.trouble.replaceChildren();
    const button = make("button", { type: "button" }, this.words.again);
    button.addEventListener("click", () => this.retry?.());
    const link = make("a", { href: origin + this.home }, this.words.hosted);
    const said = make("span", { role: "alert" }, text);
    this.trouble.replaceChildren(said, ...(again ? [button] : []), link);
  }

  // `sent`: a form, which is never sent again unasked.
  fail(again = () => this.enter(), sent = null) {
    this.sent = sent;
    this.slow = Math.min((this.slow || LOOK / 2) * 2, SELDOM);
    this.content.removeAttribute("aria-busy");
    this.heard.textContent = "";
    this.say(navigator.onLine ? this.words.unreached : this.words.offline, again);
  }

  submitted(event) {
    const form = event.target;
    const url = new URL(form.getAttribute("action"), origin);
    if (!this.isOurs(url)) return;
    event.preventDefault();
    const said = new URLSearchParams(new FormData(form));
    clearTimeout(this.pause);
    const { name, value } = event.submitter || {};
    if (name) said.set(name, value);
    // The link that is mailed may lead back to here.
    said.set("page", location.origin + location.pathname);
    if (!url.pathname.endsWith("/join")) return this.go(url.pathname + url.search, said);
    // Whose link brought them: the page knows it.
    const [, touch] = RegExp(`prn-${this.campaign}=([^;]+)`).exec(document.cookie) || [];
    if (touch) said.set("touch", touch);
    Promise.resolve(this.parrain?.("visit")).then((visit) => {
      if (visit?.token) said.set("token", visit.token);
      this.go(url.pathname + url.search, said);
    });
  }

  isOurs(url) {
    const { pathname } = url;
    return url.origin === origin && (pathname === this.home || pathname.startsWith(`${this.home}/`));
  }

  pressed(event) {
    const { target } = event;
    const control = target.closest("[data-copy], [data-native], [data-share], a[href]");
    if (!control) return;
    const { copy: text, native, share, text: message, title, copied } = control.dataset;
    if (share) this.shared(event, share, control.href);
    if (event.defaultPrevented) return;
    if (text) return copy(this, control, text, copied);
    if (native) return send(this, { text: message, title, url: native });
    const href = control.getAttribute("href");
    if (href?.startsWith("#")) {
      event.preventDefault();
      return this.root.getElementById(href.slice(1))?.scrollIntoView();
    }
    const url = new URL(control.href);
    if (share || !this.isOurs(url) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const chosen = url.searchParams.get("lang");
    if (chosen) {
      const isOurs = chosen !== this.learnt?.own.lang && WORDS[chosen];
      this.tongue = isOurs ? null : this.learnt;
      this.speak(isOurs ? chosen : this.lang);
    }
    if (url.pathname.endsWith(".json")) return save(this, url);
    return this.go(url.pathname + url.search);
  }

  // A share is told to the page, which may do something else, and counted.
  shared(event, channel, url) {
    const told = { detail: { channel, url }, bubbles: true, cancelable: true, composed: true };
    if (!this.host.dispatchEvent(new CustomEvent("parrain-share", told))) return event.preventDefault();
    const code = this.content.querySelector("[data-code]")?.dataset.code;
    if (code) this.parrain?.("share", code, channel);
  }
}
