// A test of the installation: in the page that the console opened by a test link, and in those that
// follow in the same tab, this tells the console what only a browser sees, and the owner what to do.
// Nobody else ever loads it.

const { origin } = new URL(import.meta.url);
const french = /^fr/i.test(document.documentElement.lang || navigator.language);

const words = french
  ? {
      title: "Test Parrain",
      works: "La balise fonctionne. Remplissez maintenant votre formulaire d’inscription avec une adresse inventée : rien n’est compté.",
      read: "L’inscription a été reconnue. Revenez à la console.",
      origin: `Cette adresse n’est pas autorisée : ${location.origin}. Revenez à la console pour l’autoriser.`,
      policy: (directive) =>
        `La politique de sécurité (CSP) de ce site nous bloque. Ajoutez à « ${directive} » : ${origin}`,
      lost: "Le lien de test n’est plus connu ici. Rouvrez-le depuis la console.",
      form: {
        NO_ADDRESS: "Ce formulaire n’a pas de champ d’adresse e-mail que nous puissions lire.",
        LOGIN: "Ce formulaire ressemble à une connexion, que nous ne lisons jamais.",
        IGNORED: "Ce formulaire porte data-parrain-ignore : il est laissé de côté.",
        UNKNOWN: "Ce formulaire n’a pas été reconnu comme une inscription. Ajoutez data-parrain-form à sa balise <form>.",
      },
    }
  : {
      title: "Parrain test",
      works: "The tag works. Now fill in your sign-up form with a made-up address: nothing is counted.",
      read: "The sign-up was recognised. Go back to the console.",
      origin: `This address is not allowed: ${location.origin}. Go back to the console to allow it.`,
      policy: (directive) =>
        `This site’s security policy (CSP) blocks us. Add to “${directive}”: ${origin}`,
      lost: "The test link is not known here any more. Open it again from the console.",
      form: {
        NO_ADDRESS: "This form has no field for an e-mail address that we can read.",
        LOGIN: "This form looks like a login, which we never read.",
        IGNORED: "This form carries data-parrain-ignore: it is left alone.",
        UNKNOWN: "This form was not recognised as a sign-up. Add data-parrain-form to its <form> tag.",
      },
    };

// A style sheet made by script is allowed where the site's policy forbids inline styles.
let panel;
const say = (text, bad) => {
  if (!panel) {
    const host = document.createElement("parrain-test");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      ":host{position:fixed;inset:auto 1rem 1rem auto;z-index:2147483647;max-width:min(22rem,90vw)}" +
        "div{padding:.9rem 1.1rem;border-radius:.6rem;background:#17201d;color:#e6eeeb;font:15px/1.45 system-ui,sans-serif;border-inline-start:5px solid #58cdae;overflow-wrap:anywhere}" +
        ".bad{border-color:#ffb0a3}strong{display:block}",
    );
    root.adoptedStyleSheets = [sheet];
    panel = document.createElement("div");
    panel.setAttribute("role", "status");
    root.append(panel);
    document.body.append(host);
  }
  const title = document.createElement("strong");
  title.textContent = words.title;
  panel.className = bad ? "bad" : "";
  panel.replaceChildren(title, text);
};

const keepsCookies = () => {
  try {
    document.cookie = "prn-try=1; Max-Age=9; Path=/; SameSite=Lax";
    const kept = /(^|; )prn-try=1/.test(document.cookie);
    document.cookie = "prn-try=; Max-Age=0; Path=/; SameSite=Lax";
    return kept;
  } catch {
    return false;
  }
};

// Why the loader may have passed over a form that was sent.
const reason = (form) => {
  if (form.closest("[data-parrain-ignore]")) return "IGNORED";
  const secret = "[autocomplete*=current-password],[autocomplete*=one-time-code]";
  if (form.querySelector(secret)) return "LOGIN";
  const address = [...form.querySelectorAll("input")].some((it) => /^(email|text)$/.test(it.type) && it.value.includes("@"));
  return address ? "UNKNOWN" : "NO_ADDRESS";
};

// The mark of the test: the page that the console opened carries it in its address, its tab keeps it.
const marked = () => {
  try {
    const mark = new URLSearchParams(location.search).get("prn-test");
    if (mark) sessionStorage["prn-test"] = mark;
    return sessionStorage["prn-test"];
  } catch {}
};

// Begins to tell, on a page of a test; `wasm` says whether wasm may run here. Each campaign
// of the page asks whether the test is its own.
export const begin = async (campaign, wasm) => {
  const mark = marked();
  if (!mark) return;
  let refused;
  document.addEventListener("securitypolicyviolation", (event) => {
    if (event.blockedURI.startsWith(origin)) refused = event.effectiveDirective;
  });
  const tell = async (facts) => {
    try {
      const body = JSON.stringify({ campaign, mark, ...facts });
      return (await fetch(`${origin}/_p/test`, { method: "POST", keepalive: true, body })).status;
    } catch {
      return 0;
    }
  };

  const heard = await tell({ cookies: keepsCookies(), wasm });
  // No such test goes on: this is a visitor like any other.
  if (heard === 404) {
    const is = (it) => typeof it === "function";
    if (Object.values(window.parrain).filter(is).length < 2) sessionStorage.removeItem("prn-test");
    return;
  }

  let lead;
  let visit;
  document.addEventListener("parrain-lead", () => (lead = true));
  document.addEventListener(
    "submit",
    (event) => {
      lead = false;
      const why = reason(event.target);
      let told;
      const check = () => {
        if (told) return;
        told = true;
        if (!lead && visit && !visit.referred && !visit.captureUnreferred) return say(words.lost, true);
        tell({ form: lead ? "READ" : why });
        say(lead ? words.read : words.form[why], !lead);
      };
      // A form that a script sends is told once the page shows that it was taken.
      setTimeout(() => setTimeout(check, event.defaultPrevented ? 11000 : 1500));
      document.addEventListener("parrain-lead", check, { once: true });
      addEventListener("pagehide", check, { once: true });
    },
    true,
  );

  visit = await window.parrain[campaign]("visit");
  // The browser says a moment later why it refused.
  await new Promise((go) => setTimeout(go, 100));
  if (heard !== 200) say(refused ? words.policy(refused) : words.origin, true);
  else if (visit && !visit.referred) say(words.lost, true);
  else say(words.works);
};
