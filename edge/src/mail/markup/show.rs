//! A message's parts as HTML and as plain text.

use maud::{Markup, html as build};

use super::{Block, Inline};

/// Where the HTML is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Look {
    /// In a mail program, which knows no style sheet: styles stand in the elements.
    Mail,
    /// On a page of ours, whose policy allows none in elements.
    Page,
}

impl Look {
    fn style(self, style: &'static str) -> Option<&'static str> {
        (self == Self::Mail).then_some(style)
    }

    fn class(self, class: &'static str) -> Option<&'static str> {
        (self == Self::Page).then_some(class)
    }
}

const P: &str = "margin:0 0 16px";
const H: &str = "margin:8px 0 16px;font-size:20px;line-height:1.3";
const UL: &str = "margin:0 0 16px;padding-left:22px";
const A: &str = "color:#0b6b56";
const BUTTON: &str = "display:inline-block;padding:12px 22px;border-radius:8px;background:#0b6b56;\
                      color:#ffffff;font-weight:600;text-decoration:none";

/// The parts as HTML.
#[must_use]
pub fn html(blocks: &[Block], look: Look) -> Markup {
    build! {
        @for block in blocks {
            @match block {
                Block::Button { label, url } => {
                    p style=[look.style(P)] {
                        a class=[look.class("button primary")] style=[look.style(BUTTON)] href=(url) { (label) }
                    }
                }
                Block::Heading(words) => { h2 style=[look.style(H)] { (inlines(words, look)) } }
                Block::List(items) => {
                    ul style=[look.style(UL)] {
                        @for item in items { li { (inlines(item, look)) } }
                    }
                }
                Block::Paragraph(words) => { p style=[look.style(P)] { (inlines(words, look)) } }
            }
        }
    }
}

fn inlines(words: &[Inline], look: Look) -> Markup {
    build! {
        @for word in words {
            @match word {
                Inline::Bold(inner) => { strong { (inlines(inner, look)) } }
                Inline::Break => { br; }
                Inline::Link { label, url } => { a style=[look.style(A)] href=(url) { (label) } }
                Inline::Text(text) => { (text) }
            }
        }
    }
}

/// The parts as plain text.
#[must_use]
pub fn text(blocks: &[Block]) -> String {
    let parts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Button { label, url } => format!("{label}: {url}"),
            Block::Heading(words) | Block::Paragraph(words) => said(words),
            Block::List(items) => {
                items.iter().map(|it| format!("- {}", said(it))).collect::<Vec<_>>().join("\n")
            }
        })
        .collect();
    parts.join("\n\n") + "\n"
}

fn said(words: &[Inline]) -> String {
    let said = words.iter().map(|word| match word {
        Inline::Bold(inner) => said(inner),
        Inline::Break => "\n".into(),
        Inline::Link { label, url } if label == url => url.clone(),
        Inline::Link { label, url } => format!("{label} ({url})"),
        Inline::Text(text) => text.clone(),
    });
    said.collect()
}
