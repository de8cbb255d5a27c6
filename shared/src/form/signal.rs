//! The signals: each has a code that stays, and a sentence for whoever asks why a form was taken.

use serde::Serialize;

use crate::lang::Lang;

/// A reason for or against taking a form.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Signal {
    /// What spoke.
    pub code: Code,
    /// What it adds to the score; nothing if it says only what the form is for.
    pub points: i32,
}

macro_rules! codes {
    ($($name:ident = $en:literal, $fr:literal;)+) => {
        /// What spoke for or against a form. The codes are stable; the widget links no sentence.
        #[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $(#[doc = $en] $name,)+
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The sentence for people.
            #[must_use]
            pub const fn sentence(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Fr) => $fr,)+
                }
            }
        }
    };
}

codes! {
    ActionLogin = "It is sent to an address for signing in.",
        "Il est envoyé à une adresse de connexion.";
    ActionOrder = "It is sent to an address for orders.",
        "Il est envoyé à une adresse de commande.";
    ActionSignUp = "It is sent to an address for signing up.",
        "Il est envoyé à une adresse d’inscription.";
    ActionSubscribe = "It is sent to an address for subscribing.",
        "Il est envoyé à une adresse d’abonnement.";
    Application = "It is a job application.",
        "C’est une candidature à un emploi.";
    ButtonOrder = "Its button places an order.",
        "Son bouton passe une commande.";
    ButtonSignUp = "Its button opens an account.",
        "Son bouton ouvre un compte.";
    ButtonSubscribe = "Its button subscribes.",
        "Son bouton abonne.";
    Cart = "Its button fills a cart.",
        "Son bouton remplit un panier.";
    Change = "It changes what is known of somebody.",
        "Il change ce que l’on sait de quelqu’un.";
    Chosen = "You chose this form.",
        "Vous avez choisi ce formulaire.";
    Comment = "It is for a comment.",
        "Il sert à commenter.";
    Contact = "It is for writing to you.",
        "Il sert à vous écrire.";
    Coupon = "It is for a discount code.",
        "Il sert à un code de réduction.";
    EmailAlone = "It asks for an e-mail address and for no password.",
        "Il demande une adresse e-mail et aucun mot de passe.";
    HasAccount = "It has a way in for those who have an account already.",
        "Il a un accès pour qui a déjà un compte.";
    HeadingLogin = "Its heading speaks of signing in.",
        "Son titre parle de connexion.";
    HeadingOrder = "Its heading, address or name speaks of an order.",
        "Son titre, son adresse ou son nom parle de commande.";
    HeadingSignUp = "Its heading speaks of joining.",
        "Son titre parle d’inscription.";
    HeadingSubscribe = "Its heading speaks of news.",
        "Son titre parle de nouvelles.";
    Hybrid = "Its button signs in as well as up.",
        "Son bouton connecte aussi bien qu’il inscrit.";
    Ignored = "You ruled this form out.",
        "Vous avez exclu ce formulaire.";
    Invite = "It asks for somebody else’s address.",
        "Il demande l’adresse de quelqu’un d’autre.";
    KnownPerson = "The page knows already whose address it is.",
        "La page sait déjà de qui est l’adresse.";
    Login = "Its button signs in.",
        "Son bouton connecte.";
    LoginIdentifier = "The address is asked for as a user name.",
        "L’adresse est demandée comme identifiant.";
    Message = "It has room for a message.",
        "Il laisse écrire un message.";
    Name = "It asks for a name.",
        "Il demande un nom.";
    NamesLogin = "The page’s code calls it a login.",
        "Le code de la page l’appelle connexion.";
    NamesSignUp = "The page’s code calls it a sign-up.",
        "Le code de la page l’appelle inscription.";
    NamesSubscribe = "The page’s code calls it a newsletter.",
        "Le code de la page l’appelle lettre d’information.";
    NewPassword = "The password is a new one.",
        "Le mot de passe est nouveau.";
    OrderNumber = "It asks for the number of an order.",
        "Il demande le numéro d’une commande.";
    OtherLogin = "Another of its buttons signs in.",
        "Un autre de ses boutons connecte.";
    PageLogin = "The page is for signing in.",
        "La page sert à se connecter.";
    PageSignUp = "The page is for signing up.",
        "La page sert à s’inscrire.";
    Password = "It asks for a password.",
        "Il demande un mot de passe.";
    PasswordChange = "It asks for three passwords, as one does to change one.",
        "Il demande trois mots de passe, comme pour en changer.";
    PasswordLogin = "It has a password, and a button that may sign in.",
        "Il a un mot de passe, et un bouton qui peut connecter.";
    PasswordTwice = "It asks for the password twice.",
        "Il demande deux fois le mot de passe.";
    PasswordWords = "It speaks of a password and asks for none.",
        "Il parle d’un mot de passe et n’en demande aucun.";
    Payment = "It asks for a payment.",
        "Il demande un paiement.";
    PersonalData = "It asks for a telephone number or a postal address.",
        "Il demande un téléphone ou une adresse postale.";
    ReadOnly = "The address in it cannot be changed.",
        "L’adresse qu’il contient ne peut pas être changée.";
    RememberMe = "It offers to stay signed in.",
        "Il propose de rester connecté.";
    Report = "It reports or erases something.",
        "Il signale ou efface quelque chose.";
    Resend = "It sends a message again.",
        "Il renvoie un message.";
    Reset = "It is for a forgotten password.",
        "Il sert à retrouver un mot de passe.";
    Review = "It is for a review.",
        "Il sert à donner un avis.";
    Save = "Its button saves, as on a page of settings.",
        "Son bouton enregistre, comme sur une page de réglages.";
    Search = "It searches.",
        "Il sert à chercher.";
    SearchField = "The page’s code says that it searches.",
        "Le code de la page dit qu’il sert à chercher.";
    Secret = "It asks for the password of an existing account, or for a code that was sent.",
        "Il demande le mot de passe d’un compte existant, ou un code envoyé.";
    Settings = "It is part of somebody’s settings.",
        "Il fait partie des réglages de quelqu’un.";
    Terms = "It has a box for terms.",
        "Il a une case pour les conditions.";
    TextForgot = "It has a link for a forgotten password.",
        "Il a un lien pour un mot de passe oublié.";
    Track = "It looks an order up.",
        "Il retrouve une commande.";
    Unsubscribe = "It unsubscribes.",
        "Il désinscrit.";
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    #[test]
    fn r_form_8_every_signal_has_a_code_and_a_sentence_of_its_own() {
        for lang in [Lang::En, Lang::Fr] {
            let sentences: BTreeSet<&str> = Code::ALL.iter().map(|it| it.sentence(lang)).collect();
            assert_eq!(sentences.len(), Code::ALL.len());
            assert!(sentences.iter().all(|it| it.ends_with('.')));
        }
        let written = serde_json::to_string(&[Code::ButtonSignUp, Code::Search]).unwrap();
        assert_eq!(written, r#"["button-sign-up","search"]"#);
    }
}
