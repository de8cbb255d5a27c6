// The loader: everything that must not wait for the wasm, and all that talks to the service.
//
// It takes the token, confirms the visit, keeps what consent allows, and describes submitted forms;
// the wasm judges the descriptions and draws the elements. Nothing here may throw into the page,
// hold it up, or change a form. Comments stand on lines of their own: a plain build drops such lines.
(() => {
  const script = document.currentScript;
  const early = window.parrain;
  const campaign = script?.dataset.campaign;
  // A second tag is ignored: two listeners would send every lead twice.
  if (!campaign || !script.src || early?.campaign) return;
  const { origin } = new URL(script.src);

  const attempt = (act) => {
    try {
      return act();
    } catch {}
  };

  // The token leaves the address bar before anybody can copy it; the other parameters stay as written.
  let token;
  const others = location.search
    .slice(1)
    .split("&")
    .filter((pair) => !(pair.startsWith("prn=") && ((token = pair.slice(4)), true)));
  if (token !== undefined) {
    attempt(() => {
      const url = new URL(location);
      url.search = others.join("&");
      history.replaceState(history.state, "", url);
    });
  }

  // Where the service has no route on this host, consent lets a cookie of the page keep the touch.
  const cookie = `prn-${campaign}=`;
  let touch = attempt(() =>
    document.cookie
      .split("; ")
      .find((it) => it.startsWith(cookie))
      ?.slice(cookie.length),
  );
  const keep = (value, seconds) =>
    attempt(() => {
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `${cookie}${value}; Max-Age=${seconds}; Path=/; SameSite=Lax${secure}`;
    });

  const body = (content) => JSON.stringify({ campaign, token, touch, ...content });
  // Cookies go along on the service's own host only, as fetch has it by default.
  // Resolves to the answer, or to nothing when the service or the network is away.
  const post = async (path, content) => {
    try {
      const answer = await fetch(`${origin}/_p/${path}`, {
        method: "POST",
        body: body(content),
        keepalive: true,
      });
      if (answer.ok) return await answer.json();
    } catch {}
  };
  // Outlives the page; nobody waits for the answer.
  const beacon = (path, content) =>
    attempt(() => navigator.sendBeacon(`${origin}/_p/${path}`, body(content))) ||
    post(path, content);
  const emit = (name, detail) =>
    document.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));

  // `engine` judges forms: undefined while on its way, null when wasm is forbidden or failed.
  let glue, engine, visit, answered, wish;
  const draw = () => attempt(() => glue.redraw(visit));

  const visited = post("visit").then((answer) => {
    answered = true;
    if (answer) {
      visit = answer;
      token = visit.token || token;
      emit("parrain-visit", visit);
      const { consent } = visit;
      // Consent given earlier (GRANTED), or NOT_REQUIRED, covers the token of this visit too.
      if (token && !wish && /^[GN]/.test(consent)) exchange((wish = consent));
      draw();
    }
    settle();
    return visit;
  });

  // Trades the token for a cookie, or for a touch that the page keeps.
  // Under a privacy signal only an express claim counts.
  const exchange = async (consent, claim) => {
    if (navigator.globalPrivacyControl && !claim && consent !== "DENIED") return;
    const answer = await post("consent", { consent, claim });
    // The person may have changed their mind while the service was thinking.
    if (!answer || wish !== consent) return;
    touch = answer.touch;
    if (touch) keep(touch, answer.maxAge);
    if (visit) {
      visit.consent = answer.consent;
      visit.claimed = visit.claimed || claim;
    }
    draw();
  };
  const consent = (value, claim) => {
    wish = value;
    // A refusal forgets at once, whether or not the service ever hears of it.
    if (value === "DENIED") keep((touch = null), 0);
    return visited.then(() => exchange(value, claim));
  };

  // Nothing secret is read, and nothing of a card or of somebody else. The rest is for the wasm alone,
  // which keeps what it needs; JSON leaves out what is not surely an address or a name.
  const foreign = /pass|card|cc-|friend|recip|destin|freund|empf|amig|\bami|ignore/i;
  const sure = /mail|courriel|correo|posta|first|last|prenom|vorname|apell/i;
  // What had the focus was seen, even if a step of the form hides it by now.
  const seen = new WeakSet();
  const visible = (it) => {
    const { width, height, right, left } = it.getBoundingClientRect();
    return (
      seen.has(it) ||
      (width > 1 &&
        height > 1 &&
        right + scrollX > 0 &&
        left < 9999 &&
        !it.closest("[aria-hidden=true]") &&
        it.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false)
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
    const labels = [...(it.labels || []), ...ids.map((id) => document.getElementById(id))];
    const field = {
      ...attributes(it, "aria-label autocomplete data-parrain-field id name placeholder title"),
      label: texts(labels),
      // Some libraries write what is typed into the attribute as well.
      prefilled: !seen.has(it) && !!it.defaultValue,
      readOnly: it.readOnly,
      // Of a robot's trap no more than this is told: what was written into it is not read.
      typed: !!it.value,
      type: it.type,
      visible: visible(it),
    };
    const words = Object.values(field).join(" ");
    if (field.visible && /email|text$/.test(it.type) && !foreign.test(words)) {
      const value = it.value.slice(0, 499);
      Object.defineProperty(field, "value", { value, enumerable: sure.test(words) });
    }
    return field;
  };

  // Nothing at all of a form with a password that exists already, or with a one-time code.
  const describe = (form, submitter) => {
    if (form.querySelector("[autocomplete*=current-],[autocomplete*=one-t]")) return;
    const all = [...form.querySelectorAll("input,select,textarea,button")];
    const buttons = (kinds) =>
      (submitter ? [submitter] : [])
        .concat(all.filter((it) => it !== submitter && kinds.test(it.type)))
        .slice(0, 10)
        .map((it) => `${it.value} ${text(it)} ${attribute(it, "aria-label")}`.slice(0, 99));
    const submits = buttons(/submit|image/);
    return {
      ...attributes(form, "action class id name role"),
      buttons: submits[0] ? submits : buttons(/button/),
      fields: all
        .filter((it) => !/hidden|submit|button|image|reset/.test(it.type))
        .slice(0, 40)
        .map(describeField),
      // The last heading that stands before the end of the form: bit 4 is before it, bit 8 within.
      heading: text(
        [...document.querySelectorAll("h1,h2,h3")]
          .filter((it) => it.compareDocumentPosition(form) & 12)
          .pop(),
      ),
      path: location.pathname,
      text: texts(form.querySelectorAll("a,legend,p")),
      title: document.title.slice(0, 99),
    };
  };

  // Submitted, but not yet sent: the visit's answer says whether, the wasm says what.
  const pending = [];
  const listed = (form, list) => visit?.forms[list].some((it) => attempt(() => form.matches(it)));
  const deliver = ([lead, description, form]) => {
    // Before the visit's answer only the service knows of the cookie that it set on its own host.
    const kept = token || touch || origin === location.origin;
    if (!(visit ? visit.referred || visit.captureUnreferred : kept)) return;
    if (form) {
      if (form.closest("[data-parrain-ignore]") || listed(form, "ignore")) return;
      description.chosen = form.hasAttribute("data-parrain-form") || listed(form, "take");
      lead = engine && attempt(() => engine.lead(description));
      // One password that is not said to be new may be of a login: that is for the wasm to judge.
      const secrets = form.querySelectorAll("[type=password]:not([autocomplete*=new])");
      if (!engine && secrets.length !== 1) beacon("lead", { form: description });
    }
    if (lead) {
      // Not every browser lets a request outlive its page.
      ("keepalive" in Request.prototype ? post : beacon)("lead", { lead });
      emit("parrain-lead", lead);
    }
  };
  const settle = (leaving) => {
    if (leaving || (answered && engine !== undefined)) {
      for (const it of pending.splice(0)) attempt(() => deliver(it));
    }
  };
  const push = (...it) => {
    pending.push(it);
    settle();
  };
  addEventListener("pagehide", settle);
  document.addEventListener("focusin", ({ target }) => seen.add(target), true);
  document.addEventListener(
    "submit",
    ({ target, submitter }) =>
      attempt(() => {
        const description = describe(target, submitter);
        if (description) push(null, description, target);
      }),
    true,
  );

  const calls = {
    claim: () => consent("GRANTED", true),
    consent: (granted) => consent(granted ? "GRANTED" : "DENIED"),
    lead: push,
    referrer: () => visited.then(() => visit?.referrer ?? null),
    // Sharing is nobody's visit: no token goes along.
    share: (code, channel) => beacon("share", { code, channel, token: void 0, touch: void 0 }),
    visit: () => visited,
  };
  const parrain = (method, ...args) => attempt(() => calls[method](...args));
  parrain.campaign = campaign;
  window.parrain = parrain;
  early?.q?.forEach((it) => parrain(...it));

  // The wasm is fetched beside its glue, and judged by it.
  const files = `${origin}/__ASSETS__/widget.`;
  const wasm = fetch(`${files}wasm`);
  wasm.catch(() => {});
  import(`${files}js`)
    .then(async (module) => {
      glue = module;
      engine = await glue.open(wasm);
    })
    .catch(() => {})
    .then(() => {
      engine ||= null;
      draw();
      settle();
    });
})();
