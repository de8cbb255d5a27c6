//! The simple markup of messages: paragraphs, `# headings`, `- lists`, `**bold**`, `[links](https://…)`
//! and `[[buttons]](https://…)`, read once and shown as HTML and as plain text.
//!
//! What is merged is marked by two characters that no text keeps, so that it stays text, whatever it
//! looks like: nobody's name is a link.

mod from_html;
mod show;

use std::iter::Peekable;

pub use from_html::from_html;
pub use show::{Look, html, text};

use super::Problem;

/// Begins merged text.
const TEXT: char = '\u{E000}';

/// Begins a merged address of ours.
const URL: char = '\u{E002}';

/// Ends what is merged.
const END: char = '\u{E001}';

/// A part of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Block {
    /// A link that stands out.
    Button {
        /// What it says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// A heading.
    Heading(Vec<Inline>),
    /// A list.
    List(Vec<Vec<Inline>>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
}

/// A part of a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Inline {
    /// Stands out.
    Bold(Vec<Inline>),
    /// A new line in the same paragraph.
    Break,
    /// A link.
    Link {
        /// What it says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// Words.
    Text(String),
}

/// Something in a text that cannot be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flaw {
    /// In which line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// A value as it may be merged: one line without control characters and marks.
#[must_use]
pub fn clean(text: &str) -> String {
    let kept = text.chars().map(|it| if it.is_control() { ' ' } else { it });
    kept.filter(|it| !matches!(*it, TEXT | URL | END)).collect()
}

/// An address of ours as a value that may be merged.
#[must_use]
pub fn linked(url: &str) -> String {
    format!("{URL}{}", clean(url))
}

/// A value with its marks, as it is merged into a body.
#[must_use]
pub fn marked(value: &str) -> String {
    match value.strip_prefix(URL) {
        Some(url) => format!("{URL}{}{END}", clean(url)),
        None => format!("{TEXT}{}{END}", clean(value)),
    }
}

/// What a source is read as: without marks, with one kind of line break.
#[must_use]
pub fn source(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |it: &char| (*it == '\n' || !it.is_control()) && !matches!(*it, TEXT | URL | END);
    text.chars().map(|it| if it == '\t' { ' ' } else { it }).filter(kept).collect()
}

/// One step of a text.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Token {
    /// A character that may be markup.
    Char(char),
    /// Merged text.
    Text(String),
    /// A merged address.
    Url(String),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        found.push(match char {
            TEXT => Token::Text(merged(&mut chars)),
            URL => Token::Url(merged(&mut chars)),
            END => continue,
            char => Token::Char(char),
        });
    }
    found
}

fn merged(chars: &mut Peekable<std::str::Chars<'_>>) -> String {
    let mut text = String::new();
    for char in chars.by_ref() {
        match char {
            END => break,
            TEXT | URL => {}
            char => text.push(char),
        }
    }
    text
}

/// Reads a text whose merged values are marked, and says what is wrong with its links.
#[must_use]
pub fn parse(text: &str) -> (Vec<Block>, Vec<Flaw>) {
    let (mut blocks, mut flaws) = (Vec::new(), Vec::new());
    // Whether the last block goes on in the next line.
    let mut open = false;
    let all = tokens(text);
    for (place, line) in all.split(|it| *it == Token::Char('\n')).enumerate() {
        let line = trimmed(line);
        let mut read = |tokens: &[Token]| {
            let mut problems = Vec::new();
            let inlines = inlines(tokens, &mut problems);
            let number = place + 1;
            flaws.extend(problems.into_iter().map(|problem| Flaw { line: number, problem }));
            inlines
        };
        if line.is_empty() {
            open = false;
        } else if let Some(rest) = after(line, "# ") {
            blocks.push(Block::Heading(read(rest)));
            open = false;
        } else if let Some(rest) = after(line, "- ") {
            let item = read(rest);
            match blocks.last_mut() {
                Some(Block::List(items)) if open => items.push(item),
                _ => blocks.push(Block::List(vec![item])),
            }
            open = true;
        } else if let Some(inside) = button(line) {
            blocks.extend(read(inside).into_iter().map(|it| match it {
                Inline::Link { label, url } => Block::Button { label, url },
                other => Block::Paragraph(vec![other]),
            }));
            open = false;
        } else {
            let words = read(line);
            match blocks.last_mut() {
                Some(Block::Paragraph(before)) if open => {
                    before.push(Inline::Break);
                    before.extend(words);
                }
                _ => blocks.push(Block::Paragraph(words)),
            }
            open = true;
        }
    }
    (blocks, flaws)
}

fn is_blank(token: &Token) -> bool {
    match token {
        Token::Char(char) => char.is_whitespace(),
        Token::Text(text) | Token::Url(text) => text.trim().is_empty(),
    }
}

fn trimmed(mut line: &[Token]) -> &[Token] {
    while let [first, rest @ ..] = line
        && is_blank(first)
    {
        line = rest;
    }
    while let [rest @ .., last] = line
        && is_blank(last)
    {
        line = rest;
    }
    line
}

fn after<'t>(line: &'t [Token], mark: &str) -> Option<&'t [Token]> {
    let length = mark.chars().count();
    let begins = mark.chars().zip(line).all(|(mark, token)| *token == Token::Char(mark));
    (begins && length < line.len()).then(|| &line[length..])
}

/// The link `[label](url)` within `[[label]](url)`, if the line is that and nothing else.
fn button(line: &[Token]) -> Option<&[Token]> {
    // The outer brackets are skipped where the link is read.
    let rest = after(line, "[[")?;
    let close = rest
        .windows(3)
        .position(|it| it == [Token::Char(']'), Token::Char(']'), Token::Char('(')])?;
    let end = rest.iter().rposition(|it| *it == Token::Char(')'))?;
    (close < end && end + 1 == rest.len()).then_some(line)
}

fn inlines(tokens: &[Token], problems: &mut Vec<Problem>) -> Vec<Inline> {
    let mut found = Vec::new();
    let mut words = String::new();
    let mut rest = tokens;
    while let Some((first, after_first)) = rest.split_first() {
        let special = match first {
            Token::Char('*') => bold(rest, problems),
            Token::Char('[') => link(rest, problems),
            Token::Url(url) => {
                let link = Inline::Link { label: url.clone(), url: url.clone() };
                Some((link, after_first))
            }
            _ => None,
        };
        match (special, first) {
            (Some((inline, left)), _) => {
                if !words.is_empty() {
                    found.push(Inline::Text(std::mem::take(&mut words)));
                }
                found.push(inline);
                rest = left;
                continue;
            }
            (None, Token::Char(char)) => words.push(*char),
            (None, Token::Text(text) | Token::Url(text)) => words.push_str(text),
        }
        rest = after_first;
    }
    if !words.is_empty() {
        found.push(Inline::Text(words));
    }
    found
}

type Taken<'t> = Option<(Inline, &'t [Token])>;

/// `**bold**` at the beginning.
fn bold<'t>(tokens: &'t [Token], problems: &mut Vec<Problem>) -> Taken<'t> {
    let mark = [Token::Char('*'), Token::Char('*')];
    let rest = tokens.strip_prefix(&mark)?;
    let end = rest.windows(2).position(|it| it == mark)?;
    (0 < end).then(|| (Inline::Bold(inlines(&rest[..end], problems)), &rest[end + 2..]))
}

/// `[label](url)`, or `[[label]](url)`, at the beginning.
fn link<'t>(tokens: &'t [Token], problems: &mut Vec<Problem>) -> Taken<'t> {
    let mut rest = tokens;
    let mut depth = 0;
    while let [Token::Char('['), inner @ ..] = rest {
        rest = inner;
        depth += 1;
    }
    let place =
        |tokens: &[Token], mark: char| tokens.iter().position(|it| *it == Token::Char(mark));
    let close = place(rest, ']')?;
    let label = plain(&rest[..close]);
    rest = &rest[close..];
    for _ in 0..depth {
        rest = rest.strip_prefix(&[Token::Char(']')])?;
    }
    rest = rest.strip_prefix(&[Token::Char('(')])?;
    let end = place(rest, ')')?;
    let url = address(&rest[..end]);
    let left = &rest[end + 1..];
    if label.trim().is_empty() || !is_address(&url) {
        problems.push(Problem::new(
            format!("the link “{label}” leads to no address that begins with https://"),
            format!(
                "le lien «\u{a0}{label}\u{a0}» ne mène à aucune adresse qui commence par https://"
            ),
        ));
        return Some((Inline::Text(label), left));
    }
    Some((Inline::Link { label, url }, left))
}

fn plain(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        match token {
            Token::Char(char) => text.push(*char),
            Token::Text(it) | Token::Url(it) => text.push_str(it),
        }
    }
    text
}

/// A link's target: merged text is a part of it, never more.
fn address(tokens: &[Token]) -> String {
    let mut url = String::new();
    for token in tokens {
        match token {
            Token::Char(char) => url.push(*char),
            Token::Url(it) => url.push_str(it),
            Token::Text(it) => {
                for byte in it.bytes() {
                    let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
                    if is_plain {
                        url.push(char::from(byte));
                    } else {
                        url.extend(['%', hex(byte >> 4), hex(byte & 15)]);
                    }
                }
            }
        }
    }
    url.trim().into()
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

fn is_address(url: &str) -> bool {
    let begins = ["https://", "http://", "mailto:"].iter().any(|it| {
        url.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it))
            && it.len() < url.len()
    });
    begins && !url.contains(|it: char| it.is_whitespace() || it.is_control() || "<>\"".contains(it))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected_html: &expect_test::Expect, expected: &expect_test::Expect) {
        let (blocks, flaws) = parse(text);
        assert_eq!(flaws, []);
        expected_html.assert_eq(&html(&blocks, Look::Page).into_string());
        expected.assert_eq(&super::text(&blocks));
    }

    #[test]
    fn one_text_is_shown_as_html_and_as_text() {
        check(
            "# Hello\n\nThis is **bold**, and\nthis a [link](https://a.example/?b=1&c=2).\n\n- one\n- two\n\n[[Share it]](https://a.example)\n",
            &expect![[
                r#"<h2>Hello</h2><p>This is <strong>bold</strong>, and<br>this a <a href="https://a.example/?b=1&amp;c=2">link</a>.</p><ul><li>one</li><li>two</li></ul><p><a class="button primary" href="https://a.example">Share it</a></p>"#
            ]],
            &expect![[r"
                Hello

                This is bold, and
                this a link (https://a.example/?b=1&c=2).

                - one
                - two

                Share it: https://a.example
            "]],
        );
    }

    #[test]
    fn r_mail_10_what_is_merged_is_never_markup() {
        for evil in [
            "**b**",
            "[x](https://evil.example)",
            "[[x]](https://evil.example)",
            "# big",
            "- item",
            "https://evil.example",
            "<script>alert(1)</script>",
            "a\u{E001}[x](https://evil.example)",
            "\u{E002}https://evil.example",
            "a\n\n# b",
        ] {
            let value = clean(evil);
            for text in [marked(&value), format!("Hi {}!", marked(&value))] {
                let (blocks, _) = parse(&text);
                let shown = html(&blocks, Look::Page).into_string();
                let tags: Vec<&str> =
                    shown.split('<').skip(1).map(|it| it.split('>').next().unwrap()).collect();
                assert_eq!(tags, ["p", "/p"], "{evil}: {shown}");
            }
        }
    }

    #[test]
    fn an_address_of_ours_is_a_link_and_a_value_in_an_address_is_only_a_part_of_it() {
        let url = marked(&linked("https://l.example/r/ada"));
        let (blocks, _) = parse(&format!("See {url} or [here]({url})"));
        let shown = html(&blocks, Look::Page).into_string();
        assert_eq!(shown.matches("<a href=\"https://l.example/r/ada\"").count(), 2, "{shown}");
        let (blocks, flaws) = parse(&format!("[x](https://a.example/?n={})", marked("a/b&c=)")));
        assert_eq!(flaws, []);
        let shown = html(&blocks, Look::Page).into_string();
        assert!(shown.contains("https://a.example/?n=a%2Fb%26c%3D%29"), "{shown}");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named_with_its_line() {
        for target in
            ["javascript:alert(1)", "shop.example", "", "https://a b", "data:x", "https://"]
        {
            let (blocks, flaws) = parse(&format!("a\n\n[x]({target})"));
            assert_eq!(flaws.len(), 1, "{target}");
            assert_eq!(flaws[0].line, 3);
            assert!(!html(&blocks, Look::Page).into_string().contains("href"), "{target}");
        }
    }

    #[test]
    fn what_is_not_closed_is_text() {
        for text in ["**a", "[a", "[a](b", "[[a]](https://b.example", "****", "a]](b)", "[", "*"] {
            let (blocks, _) = parse(text);
            assert_eq!(blocks, [Block::Paragraph(vec![Inline::Text(text.into())])], "{text}");
        }
    }
}
