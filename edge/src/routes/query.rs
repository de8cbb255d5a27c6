//! Query strings, and forms, which are written alike.

use http::{
    HeaderMap,
    header::{ACCEPT_LANGUAGE, COOKIE},
    request::Parts,
};
use shared::{lang::Lang, link::decoded};

use crate::{click::cookies, error::Error};

/// The cookie that keeps the language that somebody chose on a page of ours.
pub const LANGUAGE: &str = "prn-lang";

/// The pairs of a query string, decoded, with the languages that the caller reads.
#[derive(Clone, Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    accepted: String,
}

/// The longest page.
const LONGEST: u32 = 100;

impl Query {
    /// The query string of a request.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let header = |name| header(&parts.headers, name);
        let chosen = cookies::value(header(COOKIE), LANGUAGE);
        let accepted = chosen.unwrap_or_else(|| header(ACCEPT_LANGUAGE));
        Self::parse(parts.uri.query().unwrap_or_default(), accepted)
    }

    /// Reads a query string or a form.
    #[must_use]
    pub fn parse(query: &str, accepted: &str) -> Self {
        let text = |it: &str| decoded(&it.replace('+', " ")).unwrap_or_else(|| it.into());
        let pair = |it: &str| {
            let (name, value) = it.split_once('=').unwrap_or((it, ""));
            (text(name), text(value))
        };
        let pairs = query.split('&').filter(|it| !it.is_empty()).map(pair).collect();
        Self { pairs, accepted: accepted.into() }
    }

    /// The texts of a form that brings a file along.
    #[must_use]
    pub const fn of_parts(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, accepted: String::new() }
    }

    /// The value of a parameter; an empty one is none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|it| !it.is_empty())
    }

    /// The value of a parameter, be it empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// All values of a parameter that may stand there several times.
    pub fn every<'q>(&'q self, name: &str) -> impl Iterator<Item = &'q str> {
        let named = move |it: &&(String, String)| it.0 == name;
        self.pairs.iter().filter(named).map(|it| it.1.as_str())
    }

    /// `name[key]=value` pairs.
    pub fn nested<'q>(&'q self, name: &str) -> impl Iterator<Item = (&'q str, &'q str)> {
        self.pairs.iter().filter_map(move |(field, value)| {
            let key = field.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((key, value.as_str()))
        })
    }

    /// All but the language, decoded: what a page keeps when the language changes.
    #[must_use]
    pub fn besides_lang(&self) -> Vec<(&str, &str)> {
        let pairs = self.pairs.iter().map(|it| (it.0.as_str(), it.1.as_str()));
        pairs.filter(|it| it.0 != "lang").collect()
    }

    /// `limit`: 1 to 100.
    pub fn limit(&self, default: u32) -> Result<u32, Error> {
        let Some(text) = self.get("limit") else { return Ok(default) };
        match text.parse() {
            Ok(limit) if (1..=LONGEST).contains(&limit) => Ok(limit),
            _ => Err(Error::query("limit", text, "must be a whole number from 1 to 100")),
        }
    }

    /// A boolean.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, Error> {
        match self.get(name) {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(text) => Err(Error::query(name, text, "must be true or false")),
        }
    }

    /// The language that `lang` names, if it does.
    #[must_use]
    pub fn chosen_lang(&self) -> Option<Lang> {
        self.get("lang").and_then(Lang::from_tag)
    }

    /// The language that a parameter names, or that was chosen before, or what the caller reads.
    #[must_use]
    pub fn lang(&self, name: &str) -> Lang {
        self.get(name).and_then(Lang::from_tag).unwrap_or(Lang::preferred(&self.accepted))
    }
}

fn header(headers: &HeaderMap, name: http::HeaderName) -> &str {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_nested_ones_found() {
        let query = Query::parse("limit=7&metadata%5Bplan%5D=a+b%2Bc&empty=&flag=true&x", "fr");
        assert_eq!(query.limit(10).unwrap(), 7);
        assert_eq!(query.nested("metadata").collect::<Vec<_>>(), [("plan", "a b+c")]);
        assert_eq!((query.get("empty"), query.get("none")), (None, None));
        assert!(query.flag("flag", false).unwrap());
        assert!(query.flag("limit", false).is_err());
        assert_eq!(query.lang("language"), Lang::Fr);
        assert_eq!(Query::parse("language=en", "fr").lang("language"), Lang::En);
    }

    #[test]
    fn limits_lie_between_1_and_100() {
        for (text, expected) in [("1", Some(1)), ("100", Some(100)), ("", Some(10))] {
            assert_eq!(Query::parse(&format!("limit={text}"), "").limit(10).ok(), expected);
        }
        for wrong in ["0", "101", "-1", "x", "1.5", "4294967297"] {
            assert!(Query::parse(&format!("limit={wrong}"), "").limit(10).is_err(), "{wrong}");
        }
    }
}
