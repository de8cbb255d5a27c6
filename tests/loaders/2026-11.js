(() => {
const script = document.currentScript;
const early = window.parrain;
const campaign = script?.dataset.campaign;
if (!campaign || !script.src || early?.campaign) return;
const { origin } = new URL(script.src);
const attempt = (act) => {
try {
return act();
} catch {}
};
const cookie = `prn-${campaign}=`;
const kept = {
campaign,
touch: attempt(() =>
document.cookie
.split("; ")
.find((it) => it.startsWith(cookie))
?.slice(cookie.length),
),
};
const post = async (path, content) => {
try {
const answer = await fetch(`${origin}/_p/${path}`, {
method: "POST",
body: JSON.stringify({ ...kept, ...content }),
keepalive: true,
});
if (answer.ok) return await answer.json();
} catch {}
};
const emit = (name, detail) =>
document.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
let visited;
const arrive = () => {
const all = location.search.slice(1).split("&");
const others = all.filter((pair) => {
const found = pair.match(/^(?:prn|(grsf))=(.*)/);
if (found) kept[found[1] || "token"] = found[2];
return !found;
});
if (others.length < all.length) {
attempt(() => {
const url = new URL(location);
url.search = others.join("&");
history.replaceState(history.state, "", url);
});
}
visited = post("visit").then((answer) => {
page.answered = 1;
if (answer) {
page.visit = answer;
kept.token = answer.token || kept.token;
kept.grsf = void 0;
emit("parrain-visit", answer);
}
page.came?.();
settle();
return page.visit;
});
};
const foreign = /pass|card|cc-|friend|recip|destin|freund|empf|amig|\bami|manag|emerg|attend|ignore/i;
const sure = /mail|courriel|correo|posta|first|last|prenom|vorname/i;
const seen = new WeakSet();
const visible = (it) => {
const { width, height, right, left } = it.getBoundingClientRect();
return (
width > 1 &&
height > 1 &&
right + scrollX > 0 &&
left < 9999 &&
!it.closest("[aria-hidden=true]") &&
it.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false
);
};
const text = (it) => (it?.textContent || "").replace(/\s+/g, " ").slice(0, 99);
const texts = (list) => [...list].map(text).join(" ").slice(0, 499);
const attribute = (it, name) => (it.getAttribute(name) || "").slice(0, 99);
const attributes = (it, names) =>
Object.fromEntries(names.split(" ").map((name) => [name, attribute(it, name)]));
const describeField = (it) => {
const ids = attribute(it, "aria-labelledby").split(" ");
const labels = [...(it.labels || []), ...ids.map((id) => it.getRootNode().getElementById(id))];
const field = {
...attributes(it, "aria-label autocomplete data-parrain-field id name placeholder title"),
label: texts(labels),
prefilled: !seen.has(it) && !!it.defaultValue,
readOnly: it.readOnly,
typed: !!it.value,
type: it.type,
visible: seen.has(it) || visible(it),
};
const words = Object.values(field).join(" ");
if (field.visible && /email|text$/.test(it.type) && !foreign.test(words)) {
const value = it.value.slice(0, 499);
Object.defineProperty(field, "value", { value, enumerable: sure.test(words) });
}
if (field["data-parrain-field"] === "code") kept.typed = it.value || kept.typed;
return field;
};
const describe = (form, submitter) => {
if (form.querySelector("[autocomplete*=current-],[autocomplete*=one-t]")) return;
const all = page.find(form, "input,select,textarea,button");
const buttons = (kinds) =>
(submitter ? [submitter] : [])
.concat(all.filter((it) => it !== submitter && kinds.test(it.type)))
.slice(0, 10)
.map((it) => `${it.value || ""} ${text(it)} ${attribute(it, "aria-label")}`.slice(0, 99));
const submits = buttons(/submit|image/);
const { title, location } = form.ownerDocument;
return {
...attributes(form, "action class id name role"),
buttons: submits[0] ? submits : buttons(/button/),
fields: all
.filter((it) => !/hidden|submit|button|image|reset/.test(it.type))
.slice(0, 40)
.map(describeField),
heading: text(
[...form.getRootNode().querySelectorAll("h1,h2,h3")]
.filter((it) => it.compareDocumentPosition(form) & 12)
.pop(),
),
path: location.pathname,
text: texts(form.querySelectorAll("a,legend,p")),
title: title.slice(0, 99),
};
};
const pending = new Set();
const listed = (it, list) =>
(it[list] ??= page.visit?.forms[list].some((rule) => attempt(() => it.form.matches(rule))));
const deliver = (it) => {
let { lead } = it;
const { description, form } = it;
const { engine, propose, visit } = page;
const kin = kept.token || kept.touch || kept.grsf || origin === location.origin;
const known = kept.typed || (visit ? visit.referred || visit.captureUnreferred : kin);
const chosen = form && listed(it, "take");
if (form) {
if (listed(it, "ignore")) return;
description.chosen = form.hasAttribute("data-parrain-form") || chosen;
lead = engine && attempt(() => engine.lead(description));
if (lead && (lead === true || !(known || chosen))) return propose(description);
const secrets = form.querySelectorAll("[type=password]:not([autocomplete*=new])");
if (!engine && known && secrets.length !== 1) post("lead", { form: description });
}
if (lead && (known || chosen)) {
post("lead", { lead, chosen });
emit("parrain-lead", lead);
}
};
const settle = (leaving) => {
for (const it of pending) {
if (leaving || (it.done && page.answered && page.engine !== undefined)) {
pending.delete(it);
attempt(() => deliver(it));
}
}
};
const submitted = (event, weak) =>
attempt(() => {
const form = event.target;
const description = !form.closest("[data-parrain-ignore]") && describe(form, event.submitter);
if (description) push({ description, event, form, weak });
});
const push = (it) => {
pending.add(it);
if (it.form) ["take", "ignore"].map((list) => listed(it, list));
page.watch?.(it);
settle();
};
addEventListener("pagehide", settle);
document.addEventListener("focusin", (event) => seen.add(event.composedPath()[0]), true);
document.addEventListener("submit", submitted, true);
const calls = {
lead: (lead) => push({ lead, done: 1 }),
visit: () => visited,
};
const page = {
arrive,
attempt,
calls,
cookie,
data: script.dataset,
emit,
find: (it, selector) => [...it.querySelectorAll(selector)],
kept,
pending,
post,
seen,
settle,
submitted,
visible,
};
arrive();
const files = `${origin}/p/of-a-version-that-is-gone/widget.`;
const wasm = fetch(`${files}wasm`);
wasm.catch(() => {});
const rest = import(`${files}js`).then((it) => void it.open(wasm, page)).catch(() => {});
const parrain = (name, ...args) =>
attempt(() => (calls[name] ? calls[name](...args) : rest.then(() => calls[name]?.(...args))));
parrain.campaign = campaign;
window.parrain = parrain;
early?.q?.forEach((it) => parrain(...it));
})();
