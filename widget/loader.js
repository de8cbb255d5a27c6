// The loader: everything that must not wait for the rest, and all that talks to the service.
//
// It takes the token, confirms the visit, and describes forms as they are sent; what became of them is
// watched by `live.js`, judged by the wasm, and told when the page goes at the latest. Nothing here may
// throw into the page, hold it up, or change a form. Comments stand on lines of their own: a plain build
// drops such lines.
(() => {
  const script = document.currentScript;
  const early = window.parrain;
  const campaign = script?.dataset.campaign;
  // A campaign's second tag is ignored: two listeners would send every lead twice. The tag of another
  // campaign works beside it, and only that of the first takes the name `parrain`. A loader of an earlier
  // version says no more than its campaign.
  if (!campaign || !script.src || early?.[campaign] || early?.campaign === campaign) return;
  const { origin } = new URL(script.src);

  const attempt = (act) => {
    try {
      return act();
    } catch {}
  };

  // What every body holds: the token and the code of the address, the touch that the page keeps where
  // the service has no route on this host, and a code that somebody typed.
  const cookie = `prn-${campaign}=`;
  const kept = {
    campaign,
    touch: attempt(() => document.cookie.match(`(?:^|; )${cookie}([^;]*)`)?.[1]),
  };
  // Cookies go along on the service's own host only, as fetch has it by default; a call outlives its page.
  // Resolves to the answer, or to nothing when the service or the network is away.
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
    document.dispatchEvent(new CustomEvent(name, { detail: { campaign, ...detail }, bubbles: 1 }));

  let visited;
  // Token and code leave the address bar before anybody can copy them; the other parameters stay as
  // written. Whose they are the service says: all campaigns of the page ask.
  const arrive = () => {
    const found = {};
    const all = location.search.slice(1).split("&");
    const others = all.filter((pair) => {
      const it = pair.match(/^(?:prn|(grsf))=(.*)/);
      if (it) found[it[1] || "token"] = it[2];
      return !it;
    });
    if (all[others.length]) {
      // Before the address changes, which others hear of.
      page.found = root.found = found;
      attempt(() => {
        const url = new URL(location);
        url.search = others.join("&");
        history.replaceState(history.state, "", url);
      });
    }
    const { token } = kept;
    Object.assign(kept, (page.found = root.found));
    visited = post("visit").then((answer) => {
      page.answered = 1;
      // A link of another campaign takes nothing from this one's friend.
      if (token && !answer?.referred) kept.token = token;
      else if (answer) {
        page.visit = parrain.answer = answer;
        kept.token = answer.token || kept.token;
        kept.grsf = void 0;
        emit("parrain-visit", answer);
      }
      page.came?.();
      settle();
      return page.visit;
    });
  };

  // Nothing secret is read, and nothing of a card or of somebody else. The rest is for the wasm alone,
  // which keeps what it needs; JSON leaves out what is not surely an address or a name.
  const foreign = /pass|card|cc-|friend|recip|destin|freund|empf|amig|\bami|manag|emerg|attend|vriend|colleag|ignore/i;
  const sure = /mail|courriel|correo|posta|first|last|prenom|vorname/i;
  // What had the focus was seen, even if a step of the form hides it by now.
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
  // A form may have fields named "id" or "action", which hide its properties: ask for attributes.
  const attribute = (it, name) => (it.getAttribute(name) || "").slice(0, 99);
  const attributes = (it, names) =>
    Object.fromEntries(names.split(" ").map((name) => [name, attribute(it, name)]));

  const describeField = (it) => {
    const ids = attribute(it, "aria-labelledby").split(" ");
    const labels = [...(it.labels || []), ...ids.map((id) => it.getRootNode().getElementById(id))];
    const field = {
      ...attributes(it, "aria-label autocomplete data-parrain-field id name placeholder title"),
      label: texts(labels),
      // Some libraries write what is typed into the attribute as well.
      prefilled: !seen.has(it) && !!it.defaultValue,
      readOnly: it.readOnly,
      // Of a robot's trap no more than this is told: what was written into it is not read.
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

  // Nothing at all of a form with a password that exists already, or with a one-time code.
  const describe = (form, submitter) => {
    if (form.querySelector("[autocomplete*=current-],[autocomplete*=one-t]")) return;
    const all = page.find(form, "input,select,textarea,button");
    const buttons = (kinds) =>
      [submitter, ...all.filter((it) => it !== submitter && kinds.test(it.type))]
        .filter((it) => it)
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
      // The last heading that stands before the end of the form: bit 4 is before it, bit 8 within.
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

  // Sent, but not yet told: the visit's answer says whether, the wasm says what, and what becomes of the
  // form says when. Each is a description with its form, or a lead that the page told of.
  const pending = new Set();
  // An answer that was given while the form stood in the page goes before: rules may name what is around.
  const listed = (it, list) =>
    (it[list] ??= page.visit?.forms[list].some((rule) => attempt(() => it.form.matches(rule))));
  const deliver = (it) => {
    let { description, form, lead } = it;
    const { engine, propose, visit } = page;
    // Before the visit's answer only the service knows of the cookie that it set on its own host.
    const kin = kept.token || kept.touch || kept.grsf || origin === location.origin;
    const known = kept.typed || (visit ? visit.referred || visit.captureUnreferred : kin);
    // What the owner took on the console is taken from everybody.
    const chosen = form && listed(it, "take");
    if (form) {
      if (listed(it, "ignore")) return;
      description.chosen = form.hasAttribute("data-parrain-form") || chosen;
      lead = engine && attempt(() => engine.lead(description));
      if (lead && (lead === true || !(known || chosen))) return propose(description);
      // One password that is not said to be new may be of a login: that is for the wasm to judge.
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
  // `weak` says that it was a click, which need not mean that anything was sent.
  const submitted = (event, weak) =>
    attempt(() => {
      const form = event.target;
      const description = !form.closest("[data-parrain-ignore]") && describe(form, event.submitter);
      if (description) push({ description, event, form, weak });
    });
  const push = (it) => {
    pending.add(it);
    if (it.form) listed(it, "take"), listed(it, "ignore");
    page.watch?.(it);
    settle();
  };
  addEventListener("pagehide", settle);
  document.addEventListener("focusin", (event) => seen.add(event.composedPath()[0]), true);
  document.addEventListener("submit", submitted, true);

  // What the rest uses, and fills in: `engine` judges forms, null when wasm is forbidden or failed.
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
  const parrain = (name, ...args) =>
    attempt(() => (calls[name] ? calls[name](...args) : rest.then(() => calls[name]?.(...args))));
  parrain.campaign = campaign;
  const root = (page.root = window.parrain = early?.campaign ? early : parrain);
  root[campaign] = parrain;
  arrive();

  // It fetches the wasm, which judges forms; each campaign has one of its own.
  const rest = import(`${origin}/__ASSETS__/widget.js?${campaign}`)
    .then((it) => void it.open(page))
    .catch(() => {});

  early?.q?.forEach((it) => parrain(...it));
})();
