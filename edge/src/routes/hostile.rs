//! Whatever people and owners type is text: hostile texts go through every field that takes any, then
//! every page, mail and list is read as a browser or spreadsheet reads it.

use std::{collections::BTreeSet, path::PathBuf};

use axum::body::Body;
use http::{HeaderValue, Method, header};
use scraper::{Html, node::Node};
use serde_json::{Value, json};
use shared::{setup::Step, time::Span};

use crate::{
    bench::Bench,
    engine::{cron, entry, jobs},
    platform::Mail,
    routes::console,
    store::{members::OWNER, sessions::Kind},
};

/// What nobody would type by chance: ways out of text, attributes, raw text, comments, scripts, templates,
/// Markdown, addresses, formulas.
const CORPUS: [&str; 9] = [
    "<evil-tag evil-attribute=1 onload=evil()>evil",
    "\"><evil-tag evil-attribute=\"1\" onfocus=\"evil()\" autofocus>",
    "' evil-attribute='1' onmouseover='evil()' x='\"evil",
    "</title></textarea></select></script></style></pre>--><evil-tag><script>evil()</script>",
    "&lt;evil-tag&gt;&#60;evil-tag&#62; <svg/onload=evil()><math><mi//xlink:href=\"data:x,<evil-tag>\">",
    "javascript:evil()//[evil](javascript:evil())![evil](javascript:evil())",
    "{{ evil }}{% raw %}<evil-tag>{% endraw %}**<evil-tag>** `<evil-tag>` # evil",
    "=HYPERLINK(\"http://evil.example\",\"evil\")",
    "@evil+evil|'cmd'!A1",
];

/// The id of a set-up.
const SETUP: &str = "abcdefghjkmn";

/// What the fields are filled with to learn which elements and attributes pages have.
const PLAIN: &str = "evil";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// One campaign in which every field says the same.
struct Scene {
    bench: Bench,
    folder: PathBuf,
    text: &'static str,
    campaign: String,
    id: String,
    ada: String,
    owner: String,
    guest: String,
    /// Pages that forms were answered with.
    answered: Vec<String>,
}

impl Scene {
    async fn new(text: &'static str, place: usize) -> Self {
        let folder =
            std::env::temp_dir().join(format!("parrain-hostile-{}-{place}", std::process::id()));
        let bench = Bench::with_mail("https://link.example", Mail::new(folder.clone())).await;
        let rule = json!({ "type": "DOUBLE_SIDED", "gives": { "kind": "COUPON" } });
        let gift = json!({ "type": "SINGLE_SIDED", "gives": { "kind": "GIFT" } });
        let campaign = bench.campaign_with("ON_SIGNUP", &[rule, gift]).await;
        let id = campaign.rsplit('/').next().unwrap().to_owned();
        let (ada, guest) = Default::default();
        let owner = bench.seat(OWNER).await;
        let answered = Vec::new();
        let mut scene = Self { bench, folder, text, campaign, id, ada, owner, guest, answered };
        scene.owner_types().await;
        scene.people_type().await;
        scene.team_types().await;
        jobs::run_due(&scene.bench.app, &scene.bench.call(), 99).await.unwrap();
        scene.bench.pass(Span::minutes(1));
        cron::run(&scene.bench.app, &scene.bench.call()).await;
        scene
    }

    /// Says a field on the wire; whether it is taken is not asked.
    async fn says(&self, method: Method, path: &str, body: Value) -> Value {
        let path = format!("{}{path}", self.campaign);
        self.bench.send(self.bench.request(method, &path, body.to_string())).await.body
    }

    async fn owner_types(&mut self) {
        let x = self.text;
        let patch = async |path: &str, body: Value| self.says(Method::PATCH, path, body).await;
        let on = json!({ "isEnabled": true, "sender": { "fromName": "Shop" } });
        patch("/emails", json!({ "settings": on })).await;
        for field in ["name", "companyName"] {
            patch("", json!({ field: x })).await;
        }
        patch("", json!({ "companyLogoImageUrl": format!("https://x.example/{x}") })).await;
        patch("/options", json!({ "charities": [x] })).await;
        let rules = self.bench.get(&format!("{}/reward-configs", self.campaign)).await.ok();
        for rule in rules["rewards"].as_array().unwrap() {
            let path = format!("/reward-configs/{}", rule["id"].as_str().unwrap());
            for field in [
                "title",
                "description",
                "referralDescription",
                "couponCode",
                "referralCouponCode",
                "nextMilestonePrefix",
                "nextMilestoneSuffix",
            ] {
                patch(&path, json!({ field: x })).await;
            }
            patch(&path, json!({ "metadata": { "plan": x } })).await;
        }
        for name in [x, "pool"] {
            self.says(Method::POST, "/coupon-pools", json!({ "name": name })).await;
        }
        self.says(Method::POST, "/coupon-pools/pool/coupons", json!({ "codes": [x] })).await;
        let team = json!({ "name": x }).to_string();
        self.bench.send(self.bench.request(Method::PATCH, "/v2/team", team)).await;
    }

    async fn people_type(&mut self) {
        let x = self.text;
        let person = |email: &str, referrer: Option<&str>| {
            json!({
                "email": email, "firstName": x, "lastName": x, "referredBy": referrer,
                "metadata": { "plan": x, "showFirstName": "true", "showOnLeaderboard": "true" },
            })
        };
        let ada = self.says(Method::POST, "/participant", person("ada@example.com", None)).await;
        self.ada = ada["id"].as_str().expect("Ada").to_owned();
        let ada = Some(self.ada.as_str());
        for email in ["bob@example.com", "cid@yopmail.com", &format!("\"{x}\"@example.com")] {
            self.says(Method::POST, "/participant", person(email, ada)).await;
        }
        let order = json!({
            "currency": "EUR", "grossAmount": 100, "orderId": x, "products": [x], "country": "FR",
        });
        self.says(Method::POST, "/participant/bob@example.com/transaction", order).await;
        let mut click =
            self.bench.request(Method::GET, &format!("/r/{}?c={}", self.ada, encoded(x)), "");
        for name in [header::USER_AGENT, header::REFERER] {
            if let Ok(value) = HeaderValue::from_str(x) {
                click.headers_mut().insert(name, value);
            }
        }
        self.bench.send(click).await;
        let lead = json!({
            "campaign": self.id, "token": self.bench.token(&self.campaign, &self.ada), "elapsed": 9_000,
            "lead": { "email": "dan@example.com", "firstName": x, "lastName": x },
        });
        let mut lead = self.bench.request(Method::POST, "/_p/lead", lead.to_string());
        lead.headers_mut().insert("origin", "https://shop.example".parse().unwrap());
        self.bench.send(lead).await;

        // On their own page.
        let call = self.bench.call();
        let (token, link) = entry::link(&call, Kind::Participant, &self.ada, Span::hours(1));
        self.bench.write([link]).await;
        let session = entry::enter(&self.bench.app, &call, Kind::Participant, &token).await;
        self.guest = session.unwrap().unwrap();
        let (x, wrong) = (encoded(x), encoded(&x.repeat(40)));
        let csrf = crate::routes::me::csrf(&self.bench.app, &entry::hash(&self.guest));
        let reward =
            self.bench.get(&format!("{}/participant/{}/rewards", self.campaign, self.ada)).await;
        let rewards = reward.ok()["rewards"].clone();
        let gift = rewards.as_array().unwrap().iter().find(|it| it["kind"] == "GIFT");
        let gift = gift.expect("a gift")["id"].as_str().unwrap().to_owned();
        let address = |country: &str| {
            let lines = ["name", "line1", "line2", "postalCode", "city", "region"];
            let lines: Vec<_> = lines.iter().map(|it| format!("{it}={x}")).collect();
            format!("csrf={csrf}&reward={gift}&{}&country={country}", lines.join("&"))
        };
        let card = self.bench.get(&format!("/c/{}/card.json", self.id)).await.ok();
        let terms = card["version"].as_str().unwrap();
        let named = "named=1&on_board=1&notices=1&promotions=1&language=en";
        for (path, form) in [
            ("join", format!("email={x}&first_name={x}&token={x}&shown={x}&agreed=1")),
            ("join", format!("email=eve%40example.com&first_name={x}&agreed=1&terms={terms}")),
            ("sign-in", format!("email={x}")),
            ("account", format!("csrf={csrf}&first_name={wrong}&{named}")),
            ("account", format!("csrf={csrf}&first_name={x}&{named}")),
            ("reward", address(&x)),
            ("reward", address("FR")),
            ("erase", format!("csrf={csrf}")),
        ] {
            let path = format!("/me/{}/{path}?lang=en", self.id);
            let mut request = self.bench.form(&path, "", &form);
            let cookie = format!("__Host-prn-me={}", self.guest);
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
            self.answered.push(self.bench.send(request).await.text);
        }
    }

    async fn team_types(&mut self) {
        let x = encoded(self.text);
        let at = |end: &str| format!("/console/{}{end}", self.id);
        let person = |end: &str| at(&format!("/participants/{}/{end}", self.ada));
        let set_up = |step: &str| format!("/console/new/{SETUP}/{step}");
        let csrf = self.bench.csrf(&self.owner);
        for (path, form) in [
            (person("note"), format!("note={x}")),
            (person("code"), format!("code={x}")),
            (at("/participants/add"), format!("email={x}&firstName={x}&lastName={x}&language={x}")),
            (
                at("/participants/add"),
                format!("email=fay%40example.com&firstName={x}&lastName={x}&consent=1"),
            ),
            (at("/participants/views"), format!("name={x}&query=q%3D{x}")),
            (at("/referrals"), format!("act=assign&friend={x}&referrer={x}&query=q%3D{x}")),
            (at("/rewards"), format!("act=refuse&reason={x}&reward={x}&query=q%3D{x}")),
            (at("/coupons"), format!("act=pool&name={x}&low={x}")),
            (at("/coupons"), format!("act=upload&pool=pool&codes={x}&once={x}")),
            (at("/coupons"), format!("act=withdraw&pool=pool&value={x}")),
            (
                at("/mail"),
                format!(
                    "isEnabled=1&language=en&sender.fromName={x}&sender.replyTo={x}\
                     &contact.companyName={x}&contact.postalAddress={x}"
                ),
            ),
            (
                at("/mail"),
                "isEnabled=1&language=en&sender.fromName=Shop&contact.companyName=Shop".into(),
            ),
            (
                at("/mail/goalAchieved?of=en"),
                format!("act=save&subject={x}&preheader={x}&body={x}"),
            ),
            (
                at("/mail/loginLink?of=en"),
                format!("act=preview&subject={x}&preheader={x}&body={x}"),
            ),
            (at("/mail/loginLink?of=en"), format!("act=test&to={x}&subject=a&body=b")),
            (at("/card"), format!("revision=0&en.intro={x}&en.terms={x}&fr.contact={x}&sure=1")),
            (at("/settings"), format!("part=programme&revision=1&name={x}&companyName={x}&sure=1")),
            (
                at("/rules/new"),
                format!("type=SINGLE_SIDED&description={x}&couponCode={x}&name={x}"),
            ),
            (at("/install"), format!("act=test&page={x}")),
            ("/console/new".into(), format!("setup={SETUP}&goal=shop")),
            (set_up("site"), format!("company={x}&name={x}&address={x}&more={x}&zone={x}")),
            (set_up("rewards"), format!("words={x}&friendWords={x}&code={x}&amount={x}")),
            (set_up("design"), format!("titleEn={x}&textFr={x}&primary={x}&logo={x}")),
            (at("/look-up"), format!("whom={x}")),
            (at("/look-up"), "whom=ada%40example.com".into()),
            (at("/invite"), format!("email={x}&firstName={x}&consent=1&language={x}")),
            (at("/invite"), format!("email=gus%40example.com&firstName={x}&consent=1")),
            ("/console/keys".into(), format!("form=1&name={x}&scopes[team:read]=1&days={x}")),
            ("/console/keys".into(), format!("form=2&name={x}&scopes[team:read]=1&days=30")),
            ("/console/team".into(), format!("email={x}&role=VIEWER")),
            ("/console/team/name".into(), format!("team={x}")),
            ("/console/sign-in".into(), format!("email={x}")),
        ] {
            // The form of who writes holds how often that was changed.
            let revision = if path.ends_with("/mail") {
                let all = crate::sql!(
                    "-- hostile::team_types\n SELECT coalesce(max(revision), 0) AS n FROM mail_setting"
                );
                format!("revision={}&", self.bench.number(all).await)
            } else {
                String::new()
            };
            let form = format!("csrf={csrf}&{revision}{form}");
            let answer = self.bench.send(self.bench.form(&path, &self.owner, &form)).await;
            self.answered.push(answer.text);
        }
    }

    /// Every page that somebody may open, with the text in its query where it reads one.
    async fn pages(&self) -> Vec<(String, String)> {
        let x = encoded(self.text);
        let query = format!("?lang=en&q={x}&done={x}&told={x}&said={x}&show={x}&sort={x}&pool={x}");
        let mut paths: Vec<String> = Vec::new();
        for (method, path, _) in console::routes() {
            if method != Method::GET || path.contains(".csv") || path.contains("/export") {
                continue;
            }
            let path = path
                .replace("{campaign}", &self.id)
                .replace("{p}", &self.ada)
                .replace("{kind}", "goalAchieved")
                .replace("{setup}", SETUP)
                .replace("{rule}", "new")
                .replace("{version}", "1")
                .replace("{import}", "nothing");
            let steps = Step::ALL.map(|it| path.replace("{step}", it.path()));
            let steps = if path.contains("{step}") { steps.to_vec() } else { vec![path] };
            for path in steps {
                assert!(!path.contains('{'), "{path}: tell this test what to put there");
                paths.extend([format!("{path}{query}"), format!("{path}?lang=fr")]);
            }
        }
        let id = &self.id;
        for path in ["", "/account", "/data", "/erase", "/enter"] {
            paths.extend([
                format!("/me/{id}{path}{query}&prn={x}"),
                format!("/me/{id}{path}?lang=fr"),
            ]);
        }
        paths.extend([
            format!("/c/{id}{query}"),
            format!("/c/{id}?lang=fr"),
            format!("/r/{x}"),
            format!("/c/{x}"),
            format!("/me/{x}"),
            format!("/console/{x}"),
        ]);
        let mut pages = Vec::new();
        for path in paths {
            let mut request = self.bench.request(Method::GET, &path, Body::empty());
            let headers = request.headers_mut();
            headers.remove(header::AUTHORIZATION);
            let cookies =
                format!("__Host-prn-console={}; __Host-prn-me={}", self.owner, self.guest);
            headers.insert(header::COOKIE, cookies.parse().unwrap());
            let answer = self.bench.send(request).await;
            let kind = answer.headers.get(header::CONTENT_TYPE).map(|it| it.to_str().unwrap());
            if kind.is_some_and(|it| it.starts_with("text/html")) {
                let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
                assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
                pages.push((path, answer.text));
            }
        }
        // Whoever is not signed in, and what robots are shown of a link.
        let door = self.bench.get(&format!("/me/{id}{query}&prn={x}")).await;
        pages.push(("the door".into(), door.text));
        let mut robot = self.bench.request(Method::GET, &format!("/r/{}", self.ada), "");
        let agent = HeaderValue::from_static("facebookexternalhit/1.1");
        robot.headers_mut().insert(header::USER_AGENT, agent);
        pages.push(("a preview".into(), self.bench.send(robot).await.text));
        let answered = self.answered.iter().filter(|it| it.starts_with("<!DOCTYPE html>"));
        pages.extend(answered.map(|it| ("an answer".to_owned(), it.clone())));
        pages.extend(self.letters().into_iter().map(|it| ("a letter".to_owned(), it)));
        pages
    }

    /// The HTML of all e-mails.
    fn letters(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.folder).expect("letters");
        let texts = files.map(|it| std::fs::read_to_string(it.unwrap().path()).unwrap());
        let html = texts.filter_map(|it| {
            let part = it.split_once("Content-Type: text/html")?.1.split_once("\n\n")?.1.to_owned();
            Some(part.rsplit_once("\n--").map_or(part.clone(), |it| it.0.to_owned()))
        });
        html.collect()
    }

    /// The lists as spreadsheets get them.
    async fn lists(&self) -> Vec<String> {
        let mut lists = Vec::new();
        let mut paths = vec!["/console/log.csv".to_owned()];
        for list in ["participants", "referrals", "rewards", "coupons?pool=pool", "decisions"] {
            paths.push(format!("/console/{}/export/{list}", self.id));
        }
        for path in paths {
            let mut request = self.bench.request(Method::GET, &path, Body::empty());
            let cookie = format!("__Host-prn-console={}", self.owner);
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
            let answer = self.bench.send(request).await;
            assert_eq!(answer.status, 200, "{path}");
            lists.push(answer.text);
        }
        lists
    }
}

/// Each element with each of its attributes, as a browser makes them of a page.
fn made(page: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for node in Html::parse_document(page).tree.values() {
        let Node::Element(element) = node else { continue };
        let name = element.name().to_owned();
        found.insert((name.clone(), String::new()));
        found.extend(element.attrs().map(|(attribute, _)| (name.clone(), attribute.to_owned())));
    }
    found
}

/// What a browser would run or follow that is not ours.
fn dangers(page: &str) -> Vec<String> {
    let document = Html::parse_document(page);
    let mut found = Vec::new();
    for node in document.tree.nodes() {
        let Node::Element(element) = node.value() else { continue };
        if element.name() == "script" {
            let own = element.attr("src").is_some_and(|it| it.starts_with('/'));
            let filled = node
                .children()
                .any(|it| it.value().as_text().is_some_and(|it| !it.trim().is_empty()));
            if !own || filled {
                found.push(format!("{element:?}"));
            }
        }
        for (name, value) in element.attrs() {
            let is_address = matches!(name, "href" | "src" | "action" | "formaction" | "content");
            let scheme = value.trim_start().to_lowercase();
            let runs = scheme.starts_with("javascript:") || scheme.starts_with("data:text");
            if is_address && runs || name.starts_with("on") || name == "srcdoc" {
                found.push(format!("{element:?}"));
            }
        }
    }
    found
}

/// The cells of a list, as RFC 4180 reads them.
fn cells(list: &str) -> Vec<String> {
    let (mut all, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = list.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' | '\r' | '\n' if !quoted => all.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    all.push(cell);
    all
}

#[tokio::test]
async fn r_text_1_whatever_is_typed_is_text_on_every_page_in_every_mail_and_in_every_list() {
    let plain = Scene::new(PLAIN, CORPUS.len()).await;
    let mut known = BTreeSet::new();
    let pages = plain.pages().await;
    assert!(70 < pages.len() && 3 < plain.letters().len(), "{}", pages.len());
    for (path, page) in &pages {
        assert_eq!(dangers(page), Vec::<String>::new(), "{path}");
        known.extend(made(page));
    }
    // What stands only beside a field that is wrong.
    let beside = ["input", "select", "textarea"].into_iter().flat_map(|it| {
        ["aria-invalid", "aria-describedby"].map(|mark| (it.to_owned(), mark.to_owned()))
    });
    known.extend(beside);
    std::fs::remove_dir_all(&plain.folder).ok();
    let mut wrong = Vec::new();
    for (place, text) in CORPUS.into_iter().enumerate() {
        let scene = Scene::new(text, place).await;
        let mut said = 0;
        for (path, page) in scene.pages().await {
            said += usize::from(page.contains("evil"));
            let new: Vec<_> = made(&page).difference(&known).cloned().collect();
            if !new.is_empty() {
                wrong.push(format!("{text}: {path}: {new:?}"));
            }
            wrong.extend(dangers(&page).into_iter().map(|it| format!("{text}: {path}: {it}")));
        }
        if said < 40 {
            wrong.push(format!("{text} is on {said} pages only"));
        }
        let lists = scene.lists().await;
        let all: Vec<String> = lists.iter().flat_map(|it| cells(it)).collect();
        assert!(all.iter().any(|it| it.contains("evil")), "{text}");
        for cell in all {
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            if formula {
                wrong.push(format!("{text}: {cell} is a formula"));
            }
        }
        std::fs::remove_dir_all(&scene.folder).ok();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_reads_the_pages_sees_what_a_browser_would() {
    assert!(made("<p a=1><b>").contains(&("p".into(), "a".into())));
    for danger in [
        "<a href=' JavaScript:x()'>",
        "<script>x()</script>",
        "<script src=https://x></script>",
        "<p onclick=x>",
    ] {
        assert_eq!(dangers(danger).len(), 1, "{danger}");
    }
    assert_eq!(dangers("<script src='/a.js'></script><a href='/b'>"), Vec::<String>::new());
    assert_eq!(cells("a,\"b,\"\"c\"\r\nd"), ["a", "b,\"c", "", "d"]);
}
