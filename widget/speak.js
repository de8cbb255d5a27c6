// What the service says in English, in the language of a catalogue: a person's page before it is shown, the
// card's promises. Loaded only where a catalogue is named.

import { read, spoken } from "./catalogue.js";

// An amount, a count or a day: {1}, {2}, … in the keys, and where the translation has them.
const NUMBER = /[€£$]?\d+(?:[.,:/-]\d+)*(?:\u{a0}[A-Z]{3}(?![A-Z]))?/gu;
// What people read besides texts.
const SHOWN = ["alt", "aria-label", "data-copied", "placeholder", "title"];
// What is somebody's own, or is written otherwise.
const OWN = "[translate=no], time, textarea, script, style";

const isSaid = (text) => /\p{L}/u.test(text.replace(NUMBER, ""));

// One text by its key. An amount keeps its direction within the others.
const one = (texts, text) => {
  const numbers = [];
  const key = text.replace(NUMBER, (it) => `{${numbers.push(it)}}`);
  return texts[key.replace(/\s+/g, " ").trim()]?.replace(/\{(\d+)\}/g, (mark, at) => {
    const it = numbers[at - 1];
    return !it ? mark : /^\d+$/.test(it) ? it : `\u2066${it}\u2069`;
  });
};

// A text as a whole, or else sentence by sentence; nothing, where one of them is not there.
const say = (texts, text) => {
  const whole = one(texts, text);
  if (whole !== undefined) return whole;
  const said = text.replace(/\s+/g, " ").trim().replace(/([.!?]) /g, "$1\n").split("\n");
  const parts = said.map((it) => (isSaid(it) ? one(texts, it) : it));
  return parts.every((it) => it !== undefined) ? parts.join(" ") : undefined;
};

// A day, a month or a minute, as it stands there, in the words of a language.
const day = (lang, text) => {
  const found = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::\d\d)?Z?)?)?$/.exec(text.trim());
  if (!found) return text;
  const [, year, month, date = 1, hour, minute = 0] = found;
  const parts = { year: "numeric", month: "long", day: found[3] && "numeric" };
  const clock = hour && { hour: "2-digit", minute: "2-digit" };
  const how = { ...parts, ...clock, timeZone: "UTC", numberingSystem: "latn" };
  return new Intl.DateTimeFormat(lang, how).format(Date.UTC(year, month - 1, date, hour || 0, minute));
};

// What is said in no other language is English, to screen readers and in its direction; where only a part
// of what is within an element is, that part.
const mark = (node, spoken) => {
  let it = node.parentElement;
  if (spoken.some((one) => it.contains(one))) {
    it = node.ownerDocument.createElement("span");
    node.replaceWith(it);
    it.append(node);
  }
  it.lang = "en";
  it.dir = "ltr";
};

const write = ({ lang }, texts, part) => {
  const [nodes, unknown, spoken] = [[], [], []];
  const walker = part.ownerDocument.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const { data, parentElement } = node;
    if (!isSaid(data) || parentElement.closest(OWN)) continue;
    const said = say(texts, data);
    if (said === undefined) {
      unknown.push(node);
    } else {
      spoken.push(parentElement);
      node.data = /^\s*/.exec(data)[0] + said + /\s*$/.exec(data)[0];
    }
  }
  for (const node of unknown) mark(node, spoken);
  for (const name of SHOWN) {
    for (const it of part.querySelectorAll(`[${name}]`)) {
      const said = !it.closest(OWN) && say(texts, it.getAttribute(name));
      if (said) it.setAttribute(name, said);
    }
  }
  for (const it of part.querySelectorAll("time")) {
    try {
      it.textContent = day(lang, it.textContent);
    } catch {
      // No language of the browser's.
    }
  }
};

// Of a promise of the card: how it is earned, and what is given, which may be in the owner's words.
const promise = (texts, text) => {
  const [, how, what, end] = /^(.*?:)\s+(.*?)(\.?)$/s.exec(text) || [];
  const said = how && one(texts, how);
  if (!said) return;
  const gift = document.createElement("bdi");
  const given = say(texts, what);
  gift.append(given ?? what);
  if (given === undefined) gift.translate = false;
  return [said, " ", gift, end];
};

// What a language is called by those who speak it.
const called = (lang) => {
  try {
    return new Intl.DisplayNames(lang, { type: "language" }).of(lang);
  } catch {
    return lang;
  }
};

// Ways to every language but the one that is spoken, in place of the service's to the other of its two.
const switches = (own, change, spoken) => {
  const names = { en: "English", fr: "Français" };
  if (own && !names[own]) names[own] = called(own);
  const others = Object.keys(names).filter((it) => it !== (spoken || own));
  return others.map((lang) => {
    const it = change.cloneNode();
    it.href = change.href.replace(/([?&]lang=)\w+/, `$1${lang}`);
    it.lang = it.hreflang = lang;
    it.textContent = names[lang];
    return it;
  });
};

// A catalogue's own texts, and how it says what the service says; nothing, where it says nothing of that. In
// which language it is has to be known: people choose it by that.
export const open = async (name) => {
  const [own, texts] = await Promise.all([read(name), spoken(name)]);
  if (texts && !own.lang) throw `no lang: ${name}`;
  return (
    texts && {
      own,
      switches: (change, spoken) => switches(own.lang, change, spoken),
      say: (text) => say(texts, text) ?? text,
      promise: (text) => promise(texts, text),
      write: (part) => write(own, texts, part),
    }
  );
};
