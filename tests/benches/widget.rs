//! What our tag costs a page, in Chromium on a slow phone's processor and network: `cargo xtask bench widget`
//! runs this and judges it. One JSON line a load; loads with and without the tag take turns.

use serde_json::{Value, json};
use tests::{Browser, Campaign, Host, Setup, Site};

/// How often each page is loaded, with the tag and without.
const LOADS: usize = 15;

/// By how much the processor is slowed down.
const SLOWER: u32 = 4;

/// The "Slow 4G" of Chromium's tools: 1.6 Mbit/s down, 0.75 up and 150 ms, each made worse by what
/// emulation by request leaves out. Bytes a second, and milliseconds.
const NETWORK: (f64, f64, f64) = (1.6e6 / 8.0 * 0.9, 0.75e6 / 8.0 * 0.9, 150.0 * 3.75);

/// The image that is a page's largest thing: a fifth of what is shown of it, so that it has bytes.
const HERO: (u32, u32) = (256, 144);

/// Before the page's own scripts: everything is noted from the start.
const WATCH: &str = "window.seen = { lcp: 0, what: '', long: [], ours: [], shift: 0 };
    const watch = (type, act) =>
      new PerformanceObserver((list) => list.getEntries().forEach(act)).observe({ type, buffered: true });
    watch('largest-contentful-paint', (it) => {
      seen.lcp = it.startTime;
      seen.what = it.element?.localName ?? '';
    });
    watch('longtask', (it) => seen.long.push([it.startTime, it.duration].map(Math.round)));
    watch('layout-shift', (it) => (seen.shift += it.value));
    watch('long-animation-frame', ({ scripts }) => {
      for (const { sourceURL, duration, invoker, forcedStyleAndLayoutDuration: layout } of scripts) {
        const [, file] = /\\/(p\\.js|p\\/.*)/.exec(sourceURL) || [];
        if (file) seen.ours.push([Math.round(duration), file, invoker, Math.round(layout)]);
      }
    });";

/// Some seconds after everything has come.
const RESULT: &str = "return new Promise((done) => {
      const end = () => {
        const files = performance.getEntriesByType('resource').filter((it) => /\\/p(\\.js|\\/)/.test(it.name));
        const bytes = files.reduce((sum, it) => sum + it.transferSize, 0);
        const ready = !!window.customElements.get('parrain-share');
        done({ ...seen, files: files.length, bytes, ready, load: performance.timing.loadEventEnd - performance.timing.navigationStart });
      };
      const wait = () => setTimeout(end, 4000);
      if (document.readyState === 'complete') wait();
      else addEventListener('load', wait);
    })";

fn main() {
    let site = Site::open("localhost")
        .file("/hero.bmp", "image/bmp", picture(HERO.0, HERO.1))
        .file("/app.js", "text/javascript", app().into_bytes());
    let site = (0..8)
        .fold(site, |site, it| site.file(&format!("/{it}.bmp"), "image/bmp", picture(96, 48 + it)));
    let campaign = Campaign::open(Host::native(), &Setup::on(site.url(), "/content"));
    let tag = campaign.script(Host::native().url());
    for (path, page) in [("content", content as fn(&str) -> String), ("heavy", heavy)] {
        site.set_page(&format!("/{path}"), &page(""));
        site.set_page(&format!("/{path}-tagged"), &page(&tag));
    }
    for load in 0..LOADS {
        for page in ["content", "heavy"] {
            // Neither is always the first.
            for tagged in [load % 2 == 0, load % 2 != 0] {
                println!("{}", measure(&site, page, tagged));
            }
        }
    }
}

/// Loads a page in a browser that has never seen it.
fn measure(site: &Site, page: &str, tagged: bool) -> Value {
    let browser = Browser::open();
    // The page's own process is the one that is slowed down.
    browser.visit(&format!("{}/empty", site.url()));
    browser.command("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER }));
    browser.command("Network.enable", json!({}));
    let (down, up, latency) = NETWORK;
    let network = json!({ "offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up });
    browser.command("Network.emulateNetworkConditions", network);
    browser.begin_with(WATCH);
    let ending = if tagged { "-tagged" } else { "" };
    browser.visit(&format!("{}/{page}{ending}", site.url()));
    let mut seen = browser.run(RESULT, json!([]));
    assert_eq!(seen["ready"], tagged, "{page} {tagged}: {seen}");
    assert!(0.0 < seen["lcp"].as_f64().unwrap_or_default(), "nothing was painted: {seen}");
    seen["page"] = json!(page);
    seen["tagged"] = json!(tagged);
    seen
}

/// An article with an image, as a blog has it.
fn content(tag: &str) -> String {
    let text = "Walkers know the coast by its light before they know it by its names. ".repeat(12);
    let paragraphs: String = (0..14).map(|it| format!("<h2>Part {it}</h2><p>{text}</p>")).collect();
    format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>The coast</title>
        <meta name="viewport" content="width=device-width"><style>body {{ margin: 2rem auto; max-width: 42rem;
        font: 1.1rem/1.6 serif }} img {{ width: 100%; height: auto }}</style>{tag}
        <h1>The coast in winter</h1><img src="/hero.bmp" width="1280" height="720" alt="The coast">{paragraphs}</html>"#
    )
}

/// A shop's start page: many things, some images, a script that is busy for a while, a form.
fn heavy(tag: &str) -> String {
    let card = |it: u32| {
        let image = if it < 8 {
            format!(r#"<img src="/{it}.bmp" width="192" height="96" alt="">"#)
        } else {
            String::new()
        };
        format!(
            r##"<li class="card"><a href="#{it}">{image}<h3>Thing {it}</h3></a><p>From 10 to <b>{it}</b> €</p>
            <ul><li>red</li><li>green</li><li>blue</li></ul><button type="button">Add</button></li>"##
        )
    };
    let cards: String = (0..300).map(card).collect();
    format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
        <meta name="viewport" content="width=device-width"><style>body {{ margin: 0; font: 1rem/1.5 sans-serif }}
        .cards {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem; list-style: none }}
        .card {{ border-radius: 1rem; box-shadow: 0 2px 12px #0003; padding: 1rem }}
        .hero {{ width: 100%; height: auto }}</style>{tag}<script defer src="/app.js"></script>
        <nav><form action="/search"><input name="q" aria-label="Search"><button>Go</button></form></nav>
        <img class="hero" src="/hero.bmp" width="1280" height="720" alt="Our things"><ul class="cards">{cards}</ul>
        <form class="newsletter" action="/thanks" method="post"><label>E-mail <input type="email" name="email"></label>
        <button>Subscribe</button></form></html>"#
    )
}

/// The script of a shop: some 120 KB to read, and a list to build.
fn app() -> String {
    let parts: String = (0..900)
        .map(|it| {
            format!(
                "const part{it} = (node) => {{ node.dataset.part = `${{Number(node.dataset.part || 0) + {it}}}`; return node; }};\n"
            )
        })
        .collect();
    let calls: String = (0..900).map(|it| format!("part{it},")).collect();
    format!(
        "{parts}const parts = [{calls}];
        const list = document.createElement('ul');
        for (let it = 0; it < 1500; it++) {{
          const item = document.createElement('li');
          item.append(document.createElement('b'), `Review ${{it}}`);
          list.append(parts[it % 900](item));
        }}
        list.style.cssText = 'height: 200px; overflow: auto';
        document.body.append(list);"
    )
}

/// A picture of noise, as big as a photograph is: 24 bits a pixel, rows of whole words.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let size = width * height * 3;
    let mut bytes = b"BM".to_vec();
    for word in [54 + size, 0, 54, 40, width, height, 1 | 24 << 16, 0, size, 2_835, 2_835, 0, 0] {
        bytes.extend(word.to_le_bytes());
    }
    let mut state = 0x9E37_79B9_u32;
    bytes.extend((0..size).map(|_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    }));
    bytes
}
