//! A campaign of a story's own, set up through the public API as an owner would.

use serde_json::{Value, json};

use crate::host::Host;
use crate::wait::eventually;

/// The terms of a story's campaign.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where friends land.
    pub landing: String,
    /// The sites it runs on.
    pub sites: Vec<String>,
    /// `ON_SIGNUP` or `CUSTOM`.
    pub trigger: &'static str,
    /// `REQUIRED` or `NOT_REQUIRED`.
    pub consent: &'static str,
    /// `LAST_CLICK` or `FIRST_CLICK`.
    pub model: &'static str,
    /// The name of the domain whose hosts share the cookie.
    pub cookie_domain: Option<String>,
}

impl Setup {
    /// The terms most stories want: friends land on a page of a site, and consent is not asked for.
    pub fn on(site: &str, path: &str) -> Self {
        Self {
            landing: format!("{site}{path}"),
            sites: vec![site.into()],
            trigger: "ON_SIGNUP",
            consent: "NOT_REQUIRED",
            model: "LAST_CLICK",
            cookie_domain: None,
        }
    }
}

/// A running campaign.
pub struct Campaign {
    /// Its id.
    pub id: String,
    host: &'static Host,
}

impl Campaign {
    /// Creates a campaign and publishes it.
    #[track_caller]
    pub fn open(host: &'static Host, setup: &Setup) -> Self {
        let reward = json!({
            "type": "DOUBLE_SIDED",
            "title": "A gift for two",
            "description": "10 € each",
            "limit": -1,
        });
        let body = json!({
            "type": "REFERRAL",
            "name": "Story",
            "currencyISO": "EUR",
            "rewards": [reward],
        });
        let created = host.api("POST", "/campaigns").json(&body).send();
        assert!(matches!(created.status, 200 | 201), "{} {}", created.status, created.text());
        let campaign = Self { id: text(&created.json(), "id"), host };

        let mut installation = json!({
            "shareUrl": setup.landing,
            "allowedUrls": setup.sites,
            "referralTrigger": setup.trigger,
            "consent": setup.consent,
        });
        if let Some(domain) = &setup.cookie_domain {
            installation["cookieDomain"] = json!(domain);
        }
        campaign.change("/installation", &installation);
        let options = json!({
            "attributionModel": setup.model,
            "referralCookieWindowDays": 30,
            "requireManualRewardApproval": false,
            "autoFulfillRewards": false,
        });
        campaign.change("/options", &options);
        campaign.change("", &json!({ "status": "IN_PROGRESS" }));
        campaign
    }

    /// The path of something of the campaign, below `/v2`.
    pub fn path(&self, rest: &str) -> String {
        format!("/campaign/{}{rest}", self.id)
    }

    /// Says who writes to its participants, without which nobody is promised a message.
    #[track_caller]
    pub fn writes(&self) {
        let contact = json!({
            "companyName": "Story", "addressLine1": "1 Sea Road", "city": "Brest", "country": "FR",
        });
        let settings = json!({ "sender": { "fromName": "Story" }, "contact": contact });
        self.change("/emails", &json!({ "settings": settings }));
    }

    /// Changes a part of the configuration.
    #[track_caller]
    pub fn change(&self, part: &str, body: &Value) {
        let _ = self.host.api("PATCH", &self.path(part)).json(body).send().expect(200);
    }

    /// Adds a participant, as the owner's back end does.
    #[track_caller]
    pub fn join(&self, email: &str, first_name: &str) -> Participant {
        // Who shares agrees that friends read their first name.
        let metadata = json!({ "showFirstName": "true" });
        let body = json!({ "email": email, "firstName": first_name, "metadata": metadata });
        let added =
            self.host.api("POST", &self.path("/participant")).json(&body).send().expect(200);
        Participant { id: text(&added.json(), "id"), email: email.into() }
    }

    /// A participant as the API tells of them, if there is one.
    #[track_caller]
    pub fn participant(&self, id_or_email: &str) -> Option<Value> {
        let path = self.path(&format!("/participant/{id_or_email}"));
        let answer = self.host.api("GET", &path).send();
        match answer.status {
            404 => None,
            _ => Some(answer.expect(200).json()),
        }
    }

    /// Waits for a participant and says whose friend they are.
    #[track_caller]
    pub fn referrer_of(&self, email: &str) -> Option<String> {
        let found = eventually(email, || self.participant(email));
        found["referredBy"].as_str().filter(|it| !it.is_empty()).map(ToOwned::to_owned)
    }

    /// The rewards of a participant.
    #[track_caller]
    pub fn rewards(&self, id_or_email: &str) -> Vec<Value> {
        let path = self.path(&format!("/participant/{id_or_email}/rewards"));
        let answer = self.host.api("GET", &path).send().expect(200).json();
        answer["rewards"].as_array().cloned().unwrap_or_default()
    }

    /// The script tag for a page, from the place that serves the script.
    pub fn script(&self, from: &str) -> String {
        format!(r#"<script async src="{from}/p.js" data-campaign="{}"></script>"#, self.id)
    }

    /// A page with a form to sign up with, as a site has before it ever heard of us.
    pub fn page(&self, script_from: &str, more: &str) -> String {
        format!(
            r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign up</title>
            {}<h1>Create your account</h1>{more}
            <form id="signup" class="signup-form" action="/thanks" method="post">
              <label>First name <input name="first_name" autocomplete="given-name"></label>
              <label>E-mail <input type="email" name="email" autocomplete="email" required></label>
              <label>Password <input type="password" name="password" autocomplete="new-password"></label>
              <button>Sign up</button>
            </form></html>"#,
            self.script(script_from)
        )
    }
}

/// Somebody who shares.
#[derive(Clone, Debug)]
pub struct Participant {
    /// Their id, which is the code of their link.
    pub id: String,
    /// Their address.
    pub email: String,
}

impl Participant {
    /// Their link on a host.
    pub fn link(&self, on: &str) -> String {
        format!("{on}/r/{}", self.id)
    }
}

#[track_caller]
fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).into()
}
