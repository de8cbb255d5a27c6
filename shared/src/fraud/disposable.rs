//! Domains of providers of throw-away mailboxes.
//!
//! The list is kept by hand: a domain is added when its provider hands out mailboxes that anybody
//! may read or that end by themselves, and removed when that ends. Forwarding services that belong
//! to one person for good are left out: Apple's private relay, Firefox Relay, `duck.com`,
//! `SimpleLogin`, `addy.io` and their like hide an address and are no sign of fraud. Subdomains count
//! with their domain. Owners add to it by `options.fraud.blockedEmails` and take from it by
//! `allowedEmails`. Sorted, each once: a test says where it is not.

/// The domains, in lower case, sorted.
#[rustfmt::skip]
pub(super) const DOMAINS: &[&str] = &[
    "0-mail.com", "0815.ru", "10mail.org", "10minutemail.co.za", "10minutemail.com",
    "10minutemail.net", "10minutesmail.com", "123mail.cl", "1secmail.com", "1secmail.net",
    "1secmail.org", "20minutemail.com", "20minutemail.it", "2prong.com", "30minutemail.com",
    "3d-painting.com", "60minutemail.com", "6paq.com", "9ox.net", "anonbox.net", "anonymbox.com",
    "antichef.com", "antispam.de", "armyspy.com", "beefmilk.com", "binkmail.com", "bobmail.info",
    "bofthew.com", "brefmail.com", "bugmenot.com", "bumpymail.com", "byom.de", "casualdx.com",
    "chammy.info", "cool.fr.nf", "correo.blogos.net", "cosmorph.com", "courriel.fr.nf",
    "cubiclink.com", "curryworld.de", "cust.in", "cuvox.de", "dayrep.com", "deadaddress.com",
    "despam.it", "devnullmail.com", "discard.email", "discardmail.com", "discardmail.de",
    "dispomail.eu", "disposable.com", "disposableaddress.com", "disposableemailaddresses.com",
    "disposableinbox.com", "dispose.it", "dispostable.com", "dodgeit.com", "dodgit.com",
    "dontreg.com", "dontsendmespam.de", "drdrb.com", "dropmail.me", "dump-email.info",
    "dumpmail.de", "dumpyemail.com", "easytrashmail.com", "einrot.com", "emailfake.com",
    "emailondeck.com", "emailsensei.com", "emailtemporanea.com", "emailtemporanea.net",
    "emailtemporar.ro", "emailtemporario.com.br", "emailthe.net", "emailtmp.com",
    "emailwarden.com", "ephemail.net", "ethereal.email", "explodemail.com", "fake-box.com",
    "fakeinbox.com", "fakeinbox.net", "fakeinformation.com", "fakemail.fr", "fakemail.net",
    "fakemailgenerator.com", "fakermail.com", "fastacura.com", "filzmail.com", "fleckens.hu",
    "frapmail.com", "fudgerub.com", "garliclife.com", "get1mail.com", "get2mail.fr",
    "getairmail.com", "getnada.com", "getonemail.com", "ghosttexter.de", "gishpuppy.com",
    "grr.la", "guerrillamail.biz", "guerrillamail.com", "guerrillamail.de", "guerrillamail.info",
    "guerrillamail.net", "guerrillamail.org", "guerrillamailblock.com", "gustr.com", "h8s.org",
    "haltospam.com", "harakirimail.com", "hatespam.org", "hidemail.de", "hmamail.com",
    "hulapla.de", "inboxalias.com", "inboxbear.com", "inboxclean.com", "inboxkitten.com",
    "incognitomail.com", "incognitomail.net", "incognitomail.org", "instant-mail.de", "ipoo.org",
    "irish2me.com", "jetable.com", "jetable.fr.nf", "jetable.net", "jetable.org",
    "jourrapide.com", "kasmail.com", "killmail.com", "killmail.net", "klzlk.com", "koszmail.pl",
    "kurzepost.de", "lhsdv.com", "linshiyouxiang.net", "litedrop.com", "lookugly.com",
    "lroid.com", "luxusmail.org", "mail-temporaire.com", "mail-temporaire.fr", "mail.tm",
    "mail4trash.com", "mailbidon.com", "mailcatch.com", "maildrop.cc", "maildu.de",
    "maileater.com", "mailexpire.com", "mailforspam.com", "mailimate.com", "mailin8r.com",
    "mailinater.com", "mailinator.com", "mailinator.net", "mailinator.org", "mailinator2.com",
    "mailismagic.com", "mailmetrash.com", "mailmoat.com", "mailna.co", "mailnator.com",
    "mailnesia.com", "mailnull.com", "mailpoof.com", "mailsac.com", "mailscrap.com",
    "mailshell.com", "mailslite.com", "mailtemp.info", "mailtothis.com", "mailzilla.com",
    "mailzilla.org", "makemetheking.com", "mega.zik.dj", "meltmail.com", "mezimages.net",
    "mintemail.com", "minuteinbox.com", "moakt.cc", "moakt.co", "moakt.com", "moakt.ws",
    "mohmal.com", "mohmal.in", "moncourrier.fr.nf", "monemail.fr.nf", "monmail.fr.nf",
    "mt2015.com", "mvrht.com", "my10minutemail.com", "mytemp.email", "mytempemail.com",
    "mytempmail.com", "mytrashmail.com", "nada.email", "nepwk.com", "nervmich.net",
    "nervtmich.net", "no-spam.ws", "nobulk.com", "noclickemail.com", "nogmailspam.info",
    "nomail.xl.cx", "nospam.ze.tc", "nospam4.us", "nospamfor.us", "nowmymail.com", "nwldx.com",
    "objectmail.com", "oneoffemail.com", "onewaymail.com", "owlymail.com", "pjjkp.com",
    "plexolan.de", "pookmail.com", "proxymail.eu", "putthisinyourspamdatabase.com",
    "quickinbox.com", "rcpt.at", "recode.me", "reliable-mail.com", "rhyta.com", "rmqkr.net",
    "rppkn.com", "rtrtr.com", "s0ny.net", "safe-mail.gq", "safetymail.info", "sandelf.de",
    "selfdestructingmail.com", "sendspamhere.com", "sharklasers.com", "shitmail.me",
    "shortmail.net", "slopsbox.com", "sogetthis.com", "soodonims.com", "spam.la", "spam.su",
    "spam4.me", "spamavert.com", "spambob.com", "spambog.com", "spambog.de", "spambog.ru",
    "spambox.us", "spamcero.com", "spamcorptastic.com", "spamday.com", "spamdecoy.net",
    "spamfree24.com", "spamfree24.de", "spamfree24.org", "spamherelots.com", "spamhereplease.com",
    "spamhole.com", "spamify.com", "spaml.de", "spammotel.com", "spamobox.com", "spamspot.com",
    "spamthis.co.uk", "spamtroll.net", "speed.1s.fr", "spoofmail.de", "stuffmail.de",
    "superrito.com", "suremail.info", "teewars.org", "teleworm.us", "temp-mail.de",
    "temp-mail.io", "temp-mail.org", "temp-mail.ru", "tempail.com", "tempalias.com",
    "tempe-mail.com", "tempemail.co.za", "tempemail.com", "tempemail.net", "tempinbox.co.uk",
    "tempinbox.com", "tempmail.de", "tempmail.dev", "tempmail.eu", "tempmail.it", "tempmail.net",
    "tempmail.plus", "tempmail.us", "tempmail2.com", "tempmailaddress.com", "tempmailer.com",
    "tempmailer.de", "tempmailo.com", "tempomail.fr", "temporarily.de", "temporarioemail.com.br",
    "temporaryemail.net", "temporaryemail.us", "temporaryforwarding.com", "temporaryinbox.com",
    "temporarymailaddress.com", "tempr.email", "tempthe.net", "thankyou2010.com",
    "thisisnotmyrealemail.com", "throam.com", "throwam.com", "throwawayemailaddress.com",
    "throwawaymail.com", "tilien.com", "tmail.ws", "tmailinator.com", "tmpmail.net",
    "tmpmail.org", "tradermail.info", "trash-amil.com", "trash-mail.at", "trash-mail.com",
    "trash-mail.de", "trash2009.com", "trashdevil.com", "trashemail.de", "trashmail.at",
    "trashmail.com", "trashmail.de", "trashmail.fr", "trashmail.io", "trashmail.me",
    "trashmail.net", "trashmail.org", "trashmail.ws", "trashmailer.com", "trashymail.com",
    "trashymail.net", "trbvm.com", "trillianpro.com", "tyldd.com", "uggsrock.com", "uroid.com",
    "veryrealemail.com", "viditag.com", "vomoto.com", "vubby.com", "walala.org",
    "wegwerf-email.de", "wegwerfadresse.de", "wegwerfemail.com", "wegwerfemail.de",
    "wegwerfmail.de", "wegwerfmail.info", "wegwerfmail.net", "wegwerfmail.org", "wh4f.org",
    "whyspam.me", "willselfdestruct.com", "winemaven.info", "wronghead.com", "wuzup.net",
    "xagloo.com", "xemaps.com", "xents.com", "xmaily.com", "xoxy.net", "yep.it", "yogamaven.com",
    "yopmail.com", "yopmail.fr", "yopmail.net", "yuurok.com", "zehnminutenmail.de",
    "zippymail.info", "zoaxe.com", "zoemail.net", "zoemail.org",
];

/// Whether a domain, in lower case, is one of these or lies below one.
pub(super) fn is_disposable(domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if DOMAINS.binary_search(&rest).is_ok() {
            return true;
        }
        match rest.split_once('.') {
            Some((_, parent)) => rest = parent,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_in_lower_case_and_long() {
        assert!(DOMAINS.is_sorted_by(|one, next| one < next));
        assert!(DOMAINS.iter().all(|it| it.contains('.') && *it == it.to_lowercase()));
        assert!(150 <= DOMAINS.len(), "{}", DOMAINS.len());
    }

    #[test]
    fn r_guard_5_subdomains_count_with_their_domain_and_namesakes_do_not() {
        for yes in ["mailinator.com", "a.mailinator.com", "a.b.yopmail.fr", "0-mail.com"] {
            assert!(is_disposable(yes), "{yes}");
        }
        for no in [
            "",
            "com",
            "example.com",
            "notmailinator.com",
            "mailinator.com.example",
            "gmail.com",
            "privaterelay.appleid.com",
            "mozmail.com",
            "duck.com",
            "simplelogin.com",
            "addy.io",
        ] {
            assert!(!is_disposable(no), "{no}");
        }
    }
}
