//! What a hit on a link is, and what it gets: a person, a prefetch, a preview robot or a robot.

mod names;
pub mod robots;

use serde::{Deserialize, Serialize};

/// What sent the request. Every class is recorded and redirected; only people are counted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    /// Somebody followed the link.
    Person,
    /// A browser fetched ahead of somebody who may never come.
    Prefetch,
    /// A messenger or social network draws the link's preview.
    Preview,
    /// A program, or a request that nobody navigated with.
    Robot,
}

/// What the answer to a click carries.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// A bare redirect: nobody stuffs a cookie through an `<img>`.
    Bare,
    /// The token as cookie or parameter.
    Attributed,
    /// The token as parameter, never as cookie.
    Parameter,
    /// The page with the link's Open Graph tags.
    Preview,
}

/// The parts of a request that tell what sent it; absent headers are empty.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Hit<'a> {
    /// The method is `HEAD`.
    pub is_head: bool,
    /// `Sec-Purpose`, or the older `Purpose` and `X-Moz`.
    pub purpose: &'a str,
    /// `Sec-Fetch-Dest`.
    pub fetch_dest: &'a str,
    /// `Sec-Fetch-Mode`.
    pub fetch_mode: &'a str,
    /// `User-Agent`.
    pub agent: &'a str,
}

impl Class {
    /// The name in tables and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Prefetch => "PREFETCH",
            Self::Preview => "PREVIEW",
            Self::Robot => "ROBOT",
        }
    }
}

impl Hit<'_> {
    /// What sent the request, and what it gets.
    #[must_use]
    pub fn judge(&self) -> (Class, Answer) {
        let silent = self.fetch_mode.is_empty() && self.fetch_dest.is_empty();
        let navigates = self.fetch_mode == "navigate" && self.fetch_dest == "document";
        if self.is_head {
            return (Class::Robot, Answer::Bare);
        }
        if ["prefetch", "prerender", "preview"].iter().any(|it| self.purpose.contains(it)) {
            return (Class::Prefetch, Answer::Parameter);
        }
        if !silent && !navigates {
            return (Class::Robot, Answer::Bare);
        }
        match robots::kind(self.agent) {
            Some(robots::Kind::Preview) if !navigates => (Class::Preview, Answer::Preview),
            // In-app browsers are often taken for robots: uncounted, and attributed all the same.
            Some(_) => (Class::Robot, Answer::Attributed),
            None => (Class::Person, Answer::Attributed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/156.0.0.0 Safari/537.36";

    fn navigation() -> Hit<'static> {
        Hit { fetch_dest: "document", fetch_mode: "navigate", agent: CHROME, ..Hit::default() }
    }

    #[test]
    fn r_click_2_a_navigation_by_a_browser_is_a_person() {
        assert_eq!(navigation().judge(), (Class::Person, Answer::Attributed));
        let plain_http = Hit { agent: CHROME, ..Hit::default() };
        assert_eq!(plain_http.judge(), (Class::Person, Answer::Attributed));
    }

    #[test]
    fn r_click_2_prefetches_get_the_parameter_and_no_cookie() {
        for purpose in ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip", "preview"]
        {
            let hit = Hit { purpose, ..navigation() };
            assert_eq!(hit.judge(), (Class::Prefetch, Answer::Parameter));
        }
    }

    #[test]
    fn r_click_3_subresources_frames_and_head_get_a_bare_redirect() {
        for (fetch_mode, fetch_dest) in
            [("no-cors", "image"), ("navigate", "iframe"), ("cors", "empty"), ("navigate", "embed")]
        {
            let hit = Hit { fetch_dest, fetch_mode, ..navigation() };
            assert_eq!(hit.judge(), (Class::Robot, Answer::Bare));
        }
        let head = Hit { is_head: true, ..navigation() };
        assert_eq!(head.judge(), (Class::Robot, Answer::Bare));
    }

    #[test]
    fn r_click_2_an_empty_agent_is_a_robot_and_keeps_its_token() {
        assert_eq!(Hit::default().judge(), (Class::Robot, Answer::Attributed));
    }

    #[test]
    fn r_click_2_a_top_level_navigation_is_never_a_preview() {
        let agent = "WhatsApp/2.23.20.0 A";
        let fetched = Hit { agent, ..Hit::default() };
        assert_eq!(fetched.judge(), (Class::Preview, Answer::Preview));
        let navigated = Hit { agent, ..navigation() };
        assert_eq!(navigated.judge(), (Class::Robot, Answer::Attributed));
    }
}
