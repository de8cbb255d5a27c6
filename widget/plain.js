// <parrain-share> where wasm is forbidden: links that need no script. Loaded nowhere else.

const { origin } = new URL(import.meta.url);

// Plain links into the light DOM, unless the owner wrote some there.
export const plain = (it) => {
  const code = it.getAttribute("code");
  if (it.localName !== "parrain-share" || it.childElementCount || !code) return;
  const base = it.getAttribute("base") || origin;
  const link = base.replace(/\/*$/, "/r/" + encodeURIComponent(code));
  for (const [href, label] of [
    [link, link],
    ["https://wa.me/?text=" + encodeURIComponent(link + "?c=whatsapp"), "WhatsApp"],
    ["mailto:?body=" + encodeURIComponent(link + "?c=email"), "E-mail"],
  ]) {
    const a = document.createElement("a");
    a.href = href;
    a.rel = "noreferrer";
    a.textContent = label;
    it.append(a, " ");
  }
};
