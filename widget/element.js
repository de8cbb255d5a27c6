// The part of `widget.js` that wasm cannot say: custom elements need classes, and what people do in
// them needs listeners. The wasm draws, and keeps nothing.
//
// The build appends this file, and `live.js`, to the module that wasm-bindgen writes, whose
// `__wbg_…` and exported functions it calls. Without wasm it still gives share elements plain links.

const { origin } = new URL(import.meta.url);
// Several campaigns of a page share their elements: each is drawn by what its own campaign answered, and
// whose campaign has no tag here waits for one.
let elements;
const of = (host) => {
  const name = host.getAttribute("campaign");
  return name ? page.root[name] : page.root;
};
let ready = false;

// Our failures are told on the console and stay ours.
const warn = (error) => console.warn("parrain", error);
const attempt = (act) => {
  try {
    return act();
  } catch (error) {
    warn(error);
  }
};

// Starts the wasm, which judges forms for the loader, and declares the elements. The page itself comes
// first: the wasm is fetched once it is there, somebody uses it, or it takes too long.
export const open = async (loader) => {
  elements = loader.root.elements ||= new Set();
  attempt(() => begin(loader));
  define("prompt", prompt());
  await new Promise((go) => {
    if (document.readyState === "complete") go();
    for (const it of ["load", "focusin"]) addEventListener(it, go);
    setTimeout(go, 5e3);
  });
  try {
    // Where there is no WebAssembly, nothing is asked for. The build says by what hash the wasm is known.
    const { instance } = await WebAssembly.instantiateStreaming(
      fetch(new URL("widget.wasm", import.meta.url), { integrity: "__WASM__" }),
      __wbg_get_imports(),
    );
    __wbg_finalize_init(instance);
    ready = true;
  } catch (error) {
    warn(error);
  }
  define("banner", drawn());
  define("share", drawn());
  define("dashboard", Dashboard);
  tested();
  loader.engine = ready ? { lead } : null;
  redraw(loader.visit);
  loader.settle();
};

// What most pages never need is in modules of its own.
const load = (file, act) => import(new URL(file, import.meta.url)).then(act).catch(warn);

// Somebody's own page within the site's.
class Dashboard extends HTMLElement {
  connectedCallback() {
    load("dashboard.js", (it) => it.connect(this));
  }
  disconnectedCallback() {
    load("dashboard.js", (it) => it.disconnect(this));
  }
}

// A page that the console opened to test the installation carries the test's mark; so does its tab.
const tested = () => {
  if (page.attempt(() => /[?&]prn-test=/.test(location.search) || sessionStorage["prn-test"])) {
    load("test.js", (it) => it.begin(page.kept.campaign, ready));
  }
};

// Draws every element again, after the visit's answer has come or changed, and does what is to be done
// around a purchase.
const redraw = (visit) => {
  for (const it of elements) it.draw();
  if (visit?.around) load("around.js", (it) => it.around(page));
};

const define = (name, it) =>
  attempt(() => customElements.get("parrain-" + name) || customElements.define("parrain-" + name, it));

// An element that the wasm draws.
const drawn = () =>
  class extends HTMLElement {
    static get observedAttributes() {
      return ["base", "campaign", "catalogue", "channels", "code", "lang", "message", "subject"];
    }
    connectedCallback() {
      elements.add(this);
      this.draw();
    }
    disconnectedCallback() {
      elements.delete(this);
    }
    attributeChangedCallback() {
      if (elements.has(this)) this.draw();
    }
    draw() {
      attempt(() => {
        if (!ready) return load("plain.js", (it) => it.plain(this));
        if (!this.shadowRoot) {
          const root = this.attachShadow({ mode: "open" });
          root.addEventListener("click", (event) => attempt(() => use(this, event)));
        }
        const answer = of(this)?.answer;
        draw(this, answer, origin);
        const words = this.getAttribute("catalogue") || page.data.catalogue;
        if (words) load("catalogue.js", (it) => it.speak(this, words, answer));
      });
    }
  };

// Asks a customer to share, where the page has it; once, as soon as its campaign's tag is there.
const prompt = () =>
  class extends drawn() {
    connectedCallback() {
      this.asked = null;
      super.connectedCallback();
    }
    draw() {
      attempt(() => (this.asked ||= of(this)?.("prompt", this)));
    }
  };

// Does what the clicked control is for; a link of a channel opens by itself.
const use = (host, event) => {
  const control = event.target.closest("[data-channel],[part=claim]");
  if (!control) return;
  const { channel, text, title, url } = control.dataset;
  if (!channel) {
    if (control.getAttribute("aria-disabled") !== "true") of(host)?.("claim");
    return;
  }
  const told = new CustomEvent("parrain-share", {
    detail: { channel, url },
    bubbles: true,
    cancelable: true,
    composed: true,
  });
  if (!host.dispatchEvent(told)) return event.preventDefault();
  of(host)?.("share", host.getAttribute("code"), channel);
  if (channel === "copyRefLink") copy(host, url);
  // Closing the sheet is no failure.
  else if (/Native/.test(channel)) navigator.share({ text, title, url }).catch(() => {});
};

// Where the page may not write the clipboard, the shown link is selected for the person to copy.
const copy = async (host, url) => {
  let copied = true;
  try {
    await navigator.clipboard.writeText(url);
  } catch {
    copied = false;
    getSelection().selectAllChildren(host.shadowRoot.getElementById("link"));
  }
  attempt(() => report(host, copied));
};
