//! The addresses that open another program with a link ready to be sent.
//!
//! Every parameter is percent-encoded as `encodeURIComponent` does, a space as `%20`, the link once;
//! the text stands before the link with one space between, and nothing after the link.

use alloc::string::String;

use crate::channel::Channel;

/// What a person passes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Share {
    /// The link, which already names the channel.
    pub link: String,
    /// What the message says before the link; may be empty.
    pub message: String,
    /// The subject of an e-mail, the title of a post; may be empty.
    pub subject: String,
}

/// The referral link of `code` on the host `base`, marked with the channel it is passed on by.
///
/// # Examples
///
/// ```
/// # use shared::{channel::Channel, share::link};
/// let it = link("https://go.example/", "ada7", Channel::WhatsApp);
/// assert_eq!(it, "https://go.example/r/ada7?c=whatsapp");
/// ```
#[must_use]
pub fn link(base: &str, code: &str, channel: Channel) -> String {
    let mut link = plain_link(base, code);
    link.push_str("?c=");
    link.push_str(channel.key());
    link
}

/// The referral link as people read it, without a channel.
#[must_use]
pub fn plain_link(base: &str, code: &str) -> String {
    let mut link = String::from(base.trim_end_matches('/'));
    link.push_str("/r/");
    push_encoded(&mut link, code);
    link
}

/// The address that opens `channel` with the message ready, or `None` where no address can:
/// copying, the QR code, the native share sheet and `WeChat`.
///
/// Facebook, `LinkedIn` and Messenger take the link only; their text is the page's own preview.
#[must_use]
pub fn url(channel: Channel, share: &Share) -> Option<String> {
    let Share { link, message, subject } = share;
    let both = sentence(message, link);
    let (address, parameters): (&str, &[(&str, &str)]) = match channel {
        Channel::Bluesky => ("https://bsky.app/intent/compose", &[("text", &both)]),
        Channel::Email => ("mailto:", &[("subject", subject), ("body", &both)]),
        Channel::Facebook => ("https://www.facebook.com/sharer/sharer.php", &[("u", link)]),
        Channel::Line => {
            ("https://social-plugins.line.me/lineit/share", &[("url", link), ("text", message)])
        }
        Channel::LinkedIn => ("https://www.linkedin.com/sharing/share-offsite/", &[("url", link)]),
        Channel::Messenger => ("fb-messenger://share/", &[("link", link)]),
        Channel::Pinterest => (
            "https://www.pinterest.com/pin/create/button/",
            &[("url", link), ("description", message)],
        ),
        Channel::Reddit => {
            let title = if subject.is_empty() { message } else { subject };
            return Some(address_of(
                "https://www.reddit.com/submit",
                &[("url", link), ("title", title)],
            ));
        }
        // iOS wants `&` before the body and Android `?`: both accept `?&`.
        Channel::Sms => ("sms:?", &[("body", &both)]),
        Channel::Telegram => ("https://t.me/share/url", &[("url", link), ("text", message)]),
        Channel::Threads => {
            ("https://www.threads.com/intent/post", &[("text", message), ("url", link)])
        }
        Channel::Tumblr => (
            "https://www.tumblr.com/widgets/share/tool",
            &[("canonicalUrl", link), ("title", subject), ("caption", message)],
        ),
        Channel::Twitter => ("https://x.com/intent/post", &[("text", message), ("url", link)]),
        Channel::Viber => ("viber://forward", &[("text", &both)]),
        Channel::WhatsApp => ("https://wa.me/", &[("text", &both)]),
        Channel::AndroidNativeShare
        | Channel::CopyRefLink
        | Channel::IosNativeShare
        | Channel::QrCode
        | Channel::WeChat => return None,
    };
    Some(address_of(address, parameters))
}

/// `message link`, or the link alone.
fn sentence(message: &str, link: &str) -> String {
    let mut it = String::from(message.trim());
    if !it.is_empty() {
        it.push(' ');
    }
    it.push_str(link);
    it
}

/// `address` with its parameters; the empty ones are left out.
fn address_of(address: &str, parameters: &[(&str, &str)]) -> String {
    let mut it = String::from(address);
    let mut mark = if address.ends_with('?') { '&' } else { '?' };
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        it.push(mark);
        it.push_str(name);
        it.push('=');
        push_encoded(&mut it, value);
        mark = '&';
    }
    it
}

/// Appends `text` as `encodeURIComponent` writes it, with every line break as `%0D%0A`, which
/// RFC 6068 asks for and everybody else reads.
fn push_encoded(to: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => to.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                to.push(char::from(byte));
            }
            b'\r' => {}
            b'\n' => to.push_str("%0D%0A"),
            _ => {
                to.push('%');
                for digit in [byte >> 4, byte & 15] {
                    to.push(HEX.get(usize::from(digit)).copied().map_or('0', char::from));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(channel: Channel, expected: &str) {
        let share = Share {
            link: "https://go.example/r/ada7?c=x".into(),
            message: "Un café + 10 % & plus".into(),
            subject: "Viens".into(),
        };
        assert_eq!(url(channel, &share).as_deref(), Some(expected));
    }

    const LINK: &str = "https%3A%2F%2Fgo.example%2Fr%2Fada7%3Fc%3Dx";
    const TEXT: &str = "Un%20caf%C3%A9%20%2B%2010%20%25%20%26%20plus";

    /// Each as its maker states it; a channel that is new has to be told of here.
    #[test]
    fn r_share_1_every_channel_gets_link_and_text_as_its_maker_asks() {
        for channel in Channel::ALL {
            let parts: &[&str] = match channel {
                Channel::Bluesky => &["https://bsky.app/intent/compose?text=", TEXT, "%20", LINK],
                Channel::Email => &["mailto:?subject=Viens&body=", TEXT, "%20", LINK],
                Channel::Facebook => &["https://www.facebook.com/sharer/sharer.php?u=", LINK],
                Channel::Line => {
                    &["https://social-plugins.line.me/lineit/share?url=", LINK, "&text=", TEXT]
                }
                Channel::LinkedIn => {
                    &["https://www.linkedin.com/sharing/share-offsite/?url=", LINK]
                }
                Channel::Messenger => &["fb-messenger://share/?link=", LINK],
                Channel::Pinterest => &[
                    "https://www.pinterest.com/pin/create/button/?url=",
                    LINK,
                    "&description=",
                    TEXT,
                ],
                Channel::Reddit => &["https://www.reddit.com/submit?url=", LINK, "&title=Viens"],
                Channel::Sms => &["sms:?&body=", TEXT, "%20", LINK],
                Channel::Telegram => &["https://t.me/share/url?url=", LINK, "&text=", TEXT],
                Channel::Threads => {
                    &["https://www.threads.com/intent/post?text=", TEXT, "&url=", LINK]
                }
                Channel::Tumblr => &[
                    "https://www.tumblr.com/widgets/share/tool?canonicalUrl=",
                    LINK,
                    "&title=Viens&caption=",
                    TEXT,
                ],
                Channel::Twitter => &["https://x.com/intent/post?text=", TEXT, "&url=", LINK],
                Channel::Viber => &["viber://forward?text=", TEXT, "%20", LINK],
                Channel::WhatsApp => &["https://wa.me/?text=", TEXT, "%20", LINK],
                // These are no addresses: a sheet of the device, the clipboard, a picture, an app.
                Channel::AndroidNativeShare
                | Channel::CopyRefLink
                | Channel::IosNativeShare
                | Channel::QrCode
                | Channel::WeChat => {
                    let share =
                        Share { link: "l".into(), message: "m".into(), subject: "s".into() };
                    assert_eq!(url(channel, &share), None);
                    continue;
                }
            };
            check(channel, &parts.concat());
        }
    }

    #[test]
    fn a_share_without_words_is_the_link() {
        let share =
            Share { link: "https://a.b/r/c".into(), message: " ".into(), subject: String::new() };
        let expected = "mailto:?body=https%3A%2F%2Fa.b%2Fr%2Fc";
        assert_eq!(url(Channel::Email, &share).as_deref(), Some(expected));
    }

    #[test]
    fn lines_of_an_email_end_as_the_rfc_wants() {
        let share = Share { link: "l".into(), message: "a\r\nb\nc".into(), subject: String::new() };
        let expected = "mailto:?body=a%0D%0Ab%0D%0Ac%20l";
        assert_eq!(url(Channel::Email, &share).as_deref(), Some(expected));
    }

    #[test]
    fn a_code_cannot_leave_its_place_in_the_link() {
        let link = plain_link("https://go.example//", "a/../b?c#d é");
        assert_eq!(link, "https://go.example/r/a%2F..%2Fb%3Fc%23d%20%C3%A9");
    }
}
