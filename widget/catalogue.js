// Texts of another language than English and French, from a file that the page or the tag names. The wasm
// draws, and this writes over what it said; windows and dashboards say themselves what is read here. Loaded
// only where a catalogue is named.

const files = {};
const hosts = new WeakMap();

// One of ours by its language, or a file of the site's.
const place = (name) => {
  const ours = /^[a-z-]{2,8}$/i.test(name);
  return new URL(ours ? `${name}.json` : name, ours ? import.meta.url : document.baseURI);
};
const open = (url) => {
  files[url] ||= fetch(url, { signal: AbortSignal.timeout(15e3) }).then(async (it) => {
    if (!it.ok) throw `${url}: ${it.status}`;
    // Anybody may have written it: what is no text is not there.
    const texts = Object.entries(await it.json()).filter((it) => typeof it[1] === "string");
    return Object.setPrototypeOf(Object.fromEntries(texts), null);
  });
  // What failed is asked for again the next time.
  files[url].catch(() => delete files[url]);
  return files[url];
};

// Our own texts of a catalogue.
export const read = (name) => open(place(name));

// Those of what the service says, in a file that the catalogue names; nothing, where it names none.
export const spoken = async (name) => {
  const { dashboard } = await read(name);
  return dashboard && open(new URL(dashboard, place(name)));
};

// Says what an element shows by the texts of a catalogue, now and whenever it changes.
export const speak = async (host, name, visit) => {
  const texts = await read(name);
  const known = hosts.has(host);
  hosts.set(host, { texts, visit });
  for (const it of host.localName === "parrain-share" ? ["message", "subject"] : []) {
    if (texts[it] && !host.hasAttribute(it)) host.setAttribute(it, texts[it]);
  }
  write(host);
  if (known) return;
  const options = { subtree: true, childList: true, characterData: true, attributes: true };
  const heard = new MutationObserver(() => {
    try {
      write(host);
    } catch (error) {
      console.warn("parrain", error);
    }
  });
  heard.observe(host.shadowRoot, { ...options, attributeFilter: ["aria-label", "aria-disabled", "lang"] });
};

// What is there already is not written again, so that our own writing changes nothing.
const write = (host) => {
  const { texts, visit } = hosts.get(host);
  const part = (id) => host.shadowRoot.getElementById(id);
  const base = part("base");
  if (!base) return;
  const say = (it, text) => {
    if (it && text && it.textContent !== text) it.textContent = text;
  };
  const mark = (name, value) => {
    if (value && base.getAttribute(name) !== value) base.setAttribute(name, value);
  };
  mark("lang", texts.lang);
  mark("dir", texts.dir);
  const status = part("status");
  if (host.localName === "parrain-share") {
    mark("aria-label", texts.share);
    say(part("copy"), texts.copy);
    say(part("native"), texts.native);
    for (const it of ["email", "sms"]) say(base.querySelector(`[data-channel=${it}]`), texts[it]);
    const said = status?.textContent;
    // What we said ourselves stays.
    if (said && said !== texts.select && said !== texts.copied) {
      say(status, /Ctrl/.test(said) ? texts.select : texts.copied);
    }
    return;
  }
  mark("aria-label", texts.offer);
  const { claimed, offer, referrer } = visit || {};
  const friend = referrer?.firstName || texts.friend;
  const sentence = offer ? texts.gives : texts.recommends;
  // Only what can be said whole: a name and an offer are no words of ours.
  if (friend) say(part("text"), sentence?.replace("{friend}", () => friend).replace("{offer}", () => offer));
  say(part("claim"), claimed ? texts.claimed : offer ? texts.claim : texts.accept);
  if (status?.textContent) say(status, texts.thanks);
};
