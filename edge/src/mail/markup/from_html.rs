//! HTML as back ends send it, as our markup: paragraphs, headings, lists, links and bold; the rest of it
//! is left out, and none of it reaches a mail program as it is.

/// The text as markup; one that holds no tag stays as it is.
#[must_use]
pub fn from_html(text: &str) -> String {
    if !is_html(text) {
        return text.into();
    }
    let mut writer = Writer::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        writer.words(before);
        // A `<` that begins no tag is a text.
        if !after.starts_with(|it: char| it.is_ascii_alphabetic() || matches!(it, '/' | '!')) {
            writer.words("<");
            rest = after;
            continue;
        }
        let Some((tag, behind)) = after.split_once('>') else {
            rest = "";
            break;
        };
        rest = behind;
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .map(|it| it.to_ascii_lowercase())
            .collect();
        if matches!(name.as_str(), "script" | "style" | "title") && !tag.starts_with('/') {
            let end = format!("</{name}");
            let lower = rest.to_ascii_lowercase();
            rest = lower.find(&end).map_or("", |at| &rest[at..]);
            continue;
        }
        writer.tag(&name, tag);
    }
    writer.words(rest);
    writer.text.trim().to_owned() + "\n"
}

/// Whether a text has a tag that back ends write.
fn is_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["</", "<br", "<p>", "<p ", "<div", "<img", "<html", "<!doctype"]
        .iter()
        .any(|it| lower.contains(it))
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The address of the link that is open.
    href: Option<String>,
    /// Whether bold is open.
    bold: bool,
}

impl Writer {
    /// Words: white space is one blank, entities are what they stand for.
    fn words(&mut self, words: &str) {
        for char in unescaped(words).chars() {
            if !char.is_whitespace() {
                self.text.push(char);
            } else if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    /// A new paragraph.
    fn part(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
        }
        while !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn tag(&mut self, name: &str, tag: &str) {
        let opens = !tag.starts_with('/');
        match name {
            "br" => {
                while self.text.ends_with(' ') {
                    self.text.pop();
                }
                self.text.push('\n');
            }
            "b" | "strong" if opens != self.bold => {
                self.bold = opens;
                self.text.push_str("**");
            }
            "a" => match (opens, self.href.take()) {
                (true, None) => {
                    self.href = attribute(tag, "href");
                    if self.href.is_some() {
                        self.text.push('[');
                    }
                }
                (_, Some(href)) => self.text.extend(["](", &href, ")"]),
                (false, None) => {}
            },
            "h1" | "h2" | "h3" | "h4" => {
                self.part();
                if opens {
                    self.text.push_str("# ");
                }
            }
            "li" => {
                while self.text.ends_with(' ') {
                    self.text.pop();
                }
                if opens {
                    if !self.text.is_empty() && !self.text.ends_with('\n') {
                        self.text.push('\n');
                    }
                    self.text.push_str("- ");
                }
            }
            "p" | "div" | "ul" | "ol" | "table" | "tr" | "blockquote" => self.part(),
            _ => {}
        }
    }
}

/// The value of an attribute within a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}="))? + name.len() + 2;
    let value = &tag[at..];
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split(|it: char| it.is_whitespace() || it == '>').next()?,
    };
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&nbsp;", " "),
    ];
    let mut text = text.to_owned();
    for (entity, char) in entities {
        text = text.replace(entity, char);
    }
    text.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(from_html(html), expected);
    }

    #[test]
    fn what_back_ends_send_becomes_markup() {
        check("Hello {{firstName}} < you", "Hello {{firstName}} < you");
        check("a\n\nb", "a\n\nb");
        check(
            "<h1>Hi {{firstName}}</h1>\n<p>Share <a href=\"{{shareUrl}}\" style='x'>your link</a>,<br/>it is\n <b>yours</b> &amp; mine.</p><ul><li>one</li> <li>two</li></ul>",
            "# Hi {{firstName}}\n\nShare [your link]({{shareUrl}}),\nit is **yours** & mine.\n\n- one\n- two\n",
        );
        check("<div>a<script>alert('<p>')</script>b</div>", "ab\n");
        check("<p>1 < 2 <b>and", "1 < 2 **and\n");
        check("<p>a</p><img src=x onerror=alert(1)><p>b", "a\n\nb\n");
        check("<p>a <", "a <\n");
        check("<p>a <b", "a\n");
    }
}
