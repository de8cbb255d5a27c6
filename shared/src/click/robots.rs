//! Names by which robots introduce themselves in `User-Agent`.
//!
//! The table is ours, kept short: a name stands here because its maker documents it (addresses
//! beside the groups) or because it is the default of a widely used program. A robot that hides
//! behind a browser's name is not found here, and need not be: it is only a matter of counting.

use super::names::Names;

/// What kind of robot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Fetches a page to show its preview to people.
    Preview,
    /// Everything else.
    Other,
}

/// Preview robots whose whole agent begins so. As a mere part, the same words stand in the agents
/// of in-app browsers, whose users are people.
const PREVIEW_STARTS: &[&str] = &[
    // https://developers.facebook.com/docs/whatsapp (link previews)
    "whatsapp/",
    "viber/",
    "snapchat",
    "signal",
    // Outlook's time-of-click check.
    "microsoft office",
];

/// Parts of the agents of preview robots.
static PREVIEWS: Names = Names::new(&[
    // https://developers.facebook.com/docs/sharing/webmasters/web-crawlers
    "facebookexternalhit",
    "facebookcatalog",
    "facebot",
    "meta-externalfetcher",
    // https://developer.x.com/en/docs/x-for-websites/cards/guides/getting-started
    "twitterbot",
    // https://www.linkedin.com/help/linkedin/answer/a521928
    "linkedinbot",
    // https://api.slack.com/robots
    "slackbot",
    "slack-imgproxy",
    // https://support.discord.com (embeds), https://core.telegram.org/bots/webapps
    "discordbot",
    "telegrambot",
    // https://help.pinterest.com/en/business/article/pinterest-crawler
    "pinterestbot",
    "pinterest/0.",
    // https://learn.microsoft.com/microsoftteams (link unfurling), Skype
    "skypeuripreview",
    "microsoftpreview",
    "teamsbot",
    // https://support.reddithelp.com, https://www.tumblr.com/docs
    "redditbot",
    "tumblr/",
    // https://docs.bsky.app, https://docs.joinmastodon.org (both name themselves)
    "bluesky cardyb",
    "mastodon/",
    "pleroma",
    "misskey/",
    // https://vk.com/dev, https://developers.line.biz
    "vkshare",
    "line-poker",
    "kakaotalk-scrap",
    // https://embed.ly, https://iframely.com, https://www.notion.so
    "embedly",
    "iframely",
    "notion-embedder",
    "quora link preview",
    "google-pagerenderer",
    "google-read-aloud",
    "developers.google.com/+/web/snippet",
    "bitlybot",
    "xing-contenttabreceiver",
    "zoombot",
]);

/// Parts of the agents of other robots: search, monitoring, scanners, libraries.
static OTHERS: Names = Names::new(&[
    // Generic words by which most introduce themselves.
    "bot/",
    "bot;",
    "bot)",
    "-bot",
    "_bot",
    "crawler",
    "spider",
    "scraper",
    "+http://",
    "+https://",
    "compatible;)",
    // https://developers.google.com/search/docs/crawling-indexing/google-common-crawlers
    "googlebot",
    "google-inspectiontool",
    "googleother",
    "adsbot-google",
    "mediapartners-google",
    "apis-google",
    "feedfetcher-google",
    "storebot-google",
    // https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0
    "bingbot",
    "bingpreview",
    "adidxbot",
    "msnbot",
    // https://yandex.com/support/webmaster/robot-workings/user-agent.html and other search engines
    "yandex",
    "baiduspider",
    "duckduckbot",
    "duckassistbot",
    "applebot",
    "slurp",
    "sogou",
    "petalbot",
    "bytespider",
    "seznambot",
    "qwantify",
    // https://platform.openai.com/docs/bots, https://docs.anthropic.com, https://docs.perplexity.ai
    "gptbot",
    "chatgpt-user",
    "oai-searchbot",
    "claudebot",
    "claude-user",
    "anthropic-ai",
    "perplexitybot",
    "amazonbot",
    "ccbot",
    "meta-externalagent",
    // Search-engine optimisers and archives, each with a page about its robot.
    "ahrefs",
    "semrush",
    "mj12bot",
    "dotbot",
    "rogerbot",
    "screaming frog",
    "archive.org_bot",
    "ia_archiver",
    // Monitoring.
    "uptimerobot",
    "pingdom",
    "statuscake",
    "site24x7",
    "newrelicpinger",
    "datadog",
    "googlestackdrivermonitoring",
    "chrome-lighthouse",
    "gtmetrix",
    "pagespeed",
    // Mail and link scanners that say so.
    "barracuda",
    "mimecast",
    "proofpoint",
    "safelinks",
    "ms-office",
    "urlscan",
    "virustotal",
    // Automated browsers.
    "headlesschrome",
    "phantomjs",
    "electron-fetch",
    "puppeteer",
    "playwright",
    "selenium",
    "cypress/",
    // Libraries and command-line programs under their default names.
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "python-httpx",
    "aiohttp",
    "go-http-client",
    "okhttp",
    "java/",
    "apache-httpclient",
    "axios/",
    "node-fetch",
    "undici",
    "libwww-perl",
    "lwp::simple",
    "ruby",
    "guzzlehttp",
    "postmanruntime",
    "insomnia",
    "httpie",
    "scrapy",
    "nikto",
    "nmap",
    "masscan",
    "zgrab",
    "wrk/",
]);

/// What kind of robot the agent names; an empty agent is a robot.
#[must_use]
pub fn kind(agent: &str) -> Option<Kind> {
    let agent = agent.trim();
    if agent.is_empty() {
        return Some(Kind::Other);
    }
    let starts =
        |name: &&str| agent.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if PREVIEW_STARTS.iter().any(starts) || PREVIEWS.occur_in(agent) {
        return Some(Kind::Preview);
    }
    OTHERS.occur_in(agent).then_some(Kind::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(agent: &str, expected: Option<Kind>) {
        assert_eq!(kind(agent), expected, "{agent}");
    }

    #[test]
    fn r_click_2_preview_robots_are_known_by_name() {
        check("facebookexternalhit/1.1", Some(Kind::Preview));
        check("WhatsApp/2.23.20.0 A", Some(Kind::Preview));
        check("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", Some(Kind::Preview));
        check("TelegramBot (like TwitterBot)", Some(Kind::Preview));
        check("Viber/13.3.0", Some(Kind::Preview));
        check(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like \
             Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
            Some(Kind::Preview),
        );
        check(
            "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)",
            Some(Kind::Preview),
        );
    }

    #[test]
    fn r_click_2_robots_are_known_by_name() {
        check("", Some(Kind::Other));
        check("  ", Some(Kind::Other));
        check("curl/8.5.0", Some(Kind::Other));
        check(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            Some(Kind::Other),
        );
        check("python-requests/2.32", Some(Kind::Other));
        check(
            "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
            Some(Kind::Other),
        );
    }

    #[test]
    fn r_click_2_people_in_apps_and_on_odd_phones_are_people() {
        for agent in [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 325.0.3.34.90 (iPhone13,2; iOS 17_4; fr_FR)",
            "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/122.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/452.0.0.38.109;]",
            "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; Android 12; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 Line/13.1.0/IAB",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/284.1 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 WhatsApp/23.1",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 Snapchat/12.60.0.56",
        ] {
            check(agent, None);
        }
    }
}
