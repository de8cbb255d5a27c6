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
