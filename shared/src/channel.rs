//! How a link was passed on.

use serde::{Deserialize, Serialize};

/// A way to pass a link on, by the key that links and statistics know it by.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// The share sheet of an Android device.
    AndroidNativeShare,
    /// A post on Bluesky.
    Bluesky,
    /// The link was copied.
    CopyRefLink,
    /// An e-mail from the person's own mail program.
    Email,
    /// A post on Facebook.
    Facebook,
    /// The share sheet of an Apple device.
    IosNativeShare,
    /// A message by LINE.
    Line,
    /// A post on `LinkedIn`.
    #[serde(rename = "linkedin")]
    LinkedIn,
    /// A message by Messenger.
    Messenger,
    /// A pin on Pinterest.
    Pinterest,
    /// The QR code was shown.
    #[serde(rename = "qrcode")]
    QrCode,
    /// A post on Reddit.
    Reddit,
    /// A text message.
    Sms,
    /// A message by Telegram.
    Telegram,
    /// A post on Threads.
    Threads,
    /// A post on Tumblr.
    Tumblr,
    /// A post on X.
    Twitter,
    /// A message by Viber.
    Viber,
    /// A message by `WeChat`.
    #[serde(rename = "wechat")]
    WeChat,
    /// A message by WhatsApp.
    #[serde(rename = "whatsapp")]
    WhatsApp,
}

impl Channel {
    /// Every channel, in alphabetical order.
    pub const ALL: [Self; 20] = [
        Self::AndroidNativeShare,
        Self::Bluesky,
        Self::CopyRefLink,
        Self::Email,
        Self::Facebook,
        Self::IosNativeShare,
        Self::Line,
        Self::LinkedIn,
        Self::Messenger,
        Self::Pinterest,
        Self::QrCode,
        Self::Reddit,
        Self::Sms,
        Self::Telegram,
        Self::Threads,
        Self::Tumblr,
        Self::Twitter,
        Self::Viber,
        Self::WeChat,
        Self::WhatsApp,
    ];

    /// The key in links, statistics and on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::AndroidNativeShare => "androidNativeShare",
            Self::Bluesky => "bluesky",
            Self::CopyRefLink => "copyRefLink",
            Self::Email => "email",
            Self::Facebook => "facebook",
            Self::IosNativeShare => "iosNativeShare",
            Self::Line => "line",
            Self::LinkedIn => "linkedin",
            Self::Messenger => "messenger",
            Self::Pinterest => "pinterest",
            Self::QrCode => "qrcode",
            Self::Reddit => "reddit",
            Self::Sms => "sms",
            Self::Telegram => "telegram",
            Self::Threads => "threads",
            Self::Tumblr => "tumblr",
            Self::Twitter => "twitter",
            Self::Viber => "viber",
            Self::WeChat => "wechat",
            Self::WhatsApp => "whatsapp",
        }
    }

    /// The channel of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.key() == key)
    }

    /// The name as people know it; only the neutral ones need a translation.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AndroidNativeShare | Self::IosNativeShare => "Share",
            Self::Bluesky => "Bluesky",
            Self::CopyRefLink => "Copy",
            Self::Email => "E-mail",
            Self::Facebook => "Facebook",
            Self::Line => "LINE",
            Self::LinkedIn => "LinkedIn",
            Self::Messenger => "Messenger",
            Self::Pinterest => "Pinterest",
            Self::QrCode => "QR",
            Self::Reddit => "Reddit",
            Self::Sms => "SMS",
            Self::Telegram => "Telegram",
            Self::Threads => "Threads",
            Self::Tumblr => "Tumblr",
            Self::Twitter => "X",
            Self::Viber => "Viber",
            Self::WeChat => "WeChat",
            Self::WhatsApp => "WhatsApp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Channel;

    #[test]
    fn every_key_leads_back_to_its_channel() {
        for channel in Channel::ALL {
            assert_eq!(Channel::from_key(channel.key()), Some(channel));
        }
    }

    #[test]
    fn json_knows_a_channel_by_its_key() {
        for channel in Channel::ALL {
            let json = serde_json::to_value(channel).unwrap();
            assert_eq!(json, channel.key());
        }
    }

    #[test]
    fn an_unknown_key_is_no_channel() {
        assert_eq!(Channel::from_key("fax"), None);
        assert_eq!(Channel::from_key(""), None);
        assert_eq!(Channel::from_key("Email"), None);
    }
}
