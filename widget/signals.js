// The site's consent banner, by IAB's TCF (purpose 1, and 7 by consent or legitimate interest) or by
// Google's consent mode. Loaded where a page has one of them.

const heard = new Map();

// Tells each campaign's `page` of what the banner says, by `overhear`.
export const hear = (page, overhear) => {
  if (!heard.has(page)) heard.set(page, {});
  const it = heard.get(page);
  if (!it.tcf && window.__tcfapi) {
    it.tcf = window.__tcfapi;
    it.tcf("addEventListener", 2, (data, isHeard) => {
      if (!isHeard || !/^(tcl|user)/.test(data.eventStatus) || data.gdprApplies === false) return;
      const { consents, legitimateInterests } = data.purpose;
      overhear(consents[1] && (consents[7] || legitimateInterests[7]));
    });
  }
  if (!it.layer && window.dataLayer) {
    it.layer = window.dataLayer;
    const type = page.data.consentType || "ad_storage";
    const read = (it) => {
      // Defaults are no answer of anybody; those of a region may be another's.
      if (it?.[0] !== "consent" || it[2]?.region) return;
      const word = it[2][type];
      if (word === "granted" || (word && it[1] === "update")) overhear(word === "granted");
    };
    const { push } = it.layer;
    it.layer.push = function (...given) {
      given.forEach((it) => page.attempt(() => read(it)));
      return push.apply(this, given);
    };
    it.layer.forEach((it) => page.attempt(() => read(it)));
  }
};
