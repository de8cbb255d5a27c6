//! The tag as each kind of site takes it.

/// The tag: plain, by Google Tag Manager, for `WordPress`, Shopify, React.
pub(super) fn all(src: &str, campaign: &str) -> [String; 5] {
    let tag = format!("<script async src=\"{src}\" data-campaign=\"{campaign}\"></script>");
    // Google's tag manager drops what it does not know of a script tag: the campaign is said by script.
    let manager = format!(
        "<script>\n  (function (d) {{\n    var s = d.createElement(\"script\");\n    s.async = true;\n    \
         s.src = \"{src}\";\n    s.setAttribute(\"data-campaign\", \"{campaign}\");\n    \
         d.head.appendChild(s);\n  }})(document);\n</script>"
    );
    let wordpress = format!("add_action('wp_head', function () {{\n  echo '{tag}';\n}});");
    let react = format!(
        "import {{ useEffect }} from \"react\";\n\nexport function Parrain() {{\n  useEffect(() => {{\n    \
         const script = document.createElement(\"script\");\n    script.async = true;\n    script.src = \"{src}\";\n    \
         script.dataset.campaign = \"{campaign}\";\n    document.head.append(script);\n  }}, []);\n  return null;\n}}"
    );
    [tag.clone(), manager, wordpress, tag, react]
}

/// How an order is reported by the site's own server: by `curl`, by a script of the server's.
pub(super) fn order(service: &str, campaign: &str, currency: &str) -> [String; 2] {
    let curl = format!(
        "curl \"{service}/v2/campaign/{campaign}/participant/friend@example.com/transaction\" \\\n  \
         -H \"Authorization: Bearer YOUR_KEY\" -H \"Content-Type: application/json\" \\\n  \
         -d '{{\"currency\": \"{currency}\", \"grossAmount\": 4990, \"orderId\": \"1001\"}}'"
    );
    let script = format!(
        "// On your server, never in a page: the key is a secret. Amounts are in minor units.\n\
         await fetch(`{service}/v2/campaign/{campaign}/participant/${{encodeURIComponent(email)}}/transaction`, {{\n  \
         method: \"POST\",\n  \
         headers: {{ Authorization: `Bearer ${{key}}`, \"Content-Type\": \"application/json\" }},\n  \
         body: JSON.stringify({{ currency: \"{currency}\", grossAmount: 4990, orderId: \"1001\" }}),\n}});"
    );
    [curl, script]
}
