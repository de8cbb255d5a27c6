//! Examples of forms, and what they are taken for.

use alloc::{string::String, vec, vec::Vec};

use super::*;

fn field(kind: &str, label: &str) -> Field {
    Field { kind: kind.into(), label: label.into(), visible: true, ..Field::default() }
}

fn filled(kind: &str, label: &str, value: &str) -> Field {
    Field { value: Some(value.into()), ..field(kind, label) }
}

fn form(button: &str, fields: Vec<Field>) -> Form {
    Form { buttons: vec![button.into()], fields, ..Form::default() }
}

#[track_caller]
fn check(form: &Form, kind: Kind, taken: bool) {
    let found = detect(form);
    assert_eq!((found.kind, found.taken), (kind, taken), "{found:?}");
}

#[test]
fn r_form_1_the_signals_sum_decides_in_any_language() {
    for (label, button) in [
        ("Email address", "Subscribe"),
        ("Adresse e-mail", "S’abonner"),
        ("Courriel", "Je m'inscris"),
        ("E-Mail-Adresse", "Anmelden"),
        ("Correo electrónico", "Suscribirme"),
        ("E-mail", "OK"),
        ("Indirizzo email", "Iscriviti"),
        ("Seu e-mail", "Quero receber"),
        ("E-mailadres", "Inschrijven"),
        ("البريد الإلكتروني", "اشترك الآن"),
        ("メールアドレス", "登録する"),
    ] {
        let found = detect(&form(button, vec![field("text", label)]));
        assert!(found.taken, "{button}: {found:?}");
        let sum: i32 = found.signals.iter().map(|it| it.points).sum();
        assert!(sum == found.score && THRESHOLD <= sum, "{button}: {found:?}");
    }
    // Two points less than enough.
    let named = vec![field("email", ""), field("text", "First name"), field("password", "")];
    let found = detect(&form("Go", named));
    assert!(found.score == 8 && !found.taken, "{found:?}");
}

#[test]
fn r_form_2_what_asks_for_more_and_does_not_say_what_for_is_proposed() {
    for more in
        [field("text", "Membership number"), field("radio", "Otter"), field("select-one", "Date")]
    {
        let fields = || vec![field("text", "E-mail"), field("text", "First name"), more.clone()];
        let found = detect(&form("OK", fields()));
        assert!((found.taken, found.proposed) == (false, true), "{found:?}");
        assert_eq!(lead(&form("OK", fields())), None);
        // A word, or the owner, says what it is for.
        assert!(detect(&form("Subscribe", fields())).taken);
        assert!(detect(&Form { chosen: true, ..form("OK", fields()) }).taken);
        let hidden = Field { visible: false, ..more.clone() };
        assert!(detect(&form("OK", vec![field("text", "E-mail"), hidden])).taken);
    }
}

#[test]
fn what_a_team_writes_about_others_is_none_and_a_checkout_with_another_address_is_one() {
    let fields = || vec![field("email", "E-mail"), field("text", "First name")];
    let headed =
        |heading: &str, button: &str| Form { heading: heading.into(), ..form(button, fields()) };
    check(&headed("Add new user", "Create"), Kind::Other, false);
    check(&headed("Add new address", "Place order"), Kind::Checkout, true);
    check(&headed("Ajouter un code promo", "Commander"), Kind::Checkout, true);
    check(&headed("", "Als Verkäufer registrieren"), Kind::SignUp, true);
}

#[test]
fn two_passwords_are_an_account() {
    let fields = vec![field("email", ""), field("password", ""), field("password", "")];
    check(&form("Continue", fields), Kind::SignUp, true);
}

#[test]
fn one_password_needs_a_word_for_it() {
    let fields = || vec![field("email", "E-mail"), field("password", "Password")];
    check(&form("Continue", fields()), Kind::Login, false);
    check(&form("Create account", fields()), Kind::SignUp, true);
    check(&form("Créer mon compte", fields()), Kind::SignUp, true);
    check(&form("Se connecter", fields()), Kind::Login, false);
    check(&form("Anmelden", fields()), Kind::Login, false);
}

#[test]
fn r_form_4_a_secret_is_refused_even_if_chosen() {
    for autocomplete in ["current-password", "section-a one-time-code"] {
        let secret = Field { autocomplete: autocomplete.into(), ..field("text", "") };
        let mut form = form("Sign up", vec![field("email", "E-mail"), secret]);
        form.chosen = true;
        assert!(!detect(&form).taken);
    }
    for label in ["Current password", "Mot de passe actuel", "Altes Passwort", "Contraseña actual"]
    {
        let fields = vec![field("email", "E-mail"), field("password", label)];
        let form = Form { chosen: true, ..form("Sign up", fields) };
        assert!(!detect(&form).taken, "{label}");
    }
    let code = vec![field("email", "E-mail"), field("text", "6-digit code")];
    assert!(!detect(&Form { chosen: true, ..form("Sign up", code) }).taken);
}

#[test]
fn the_owner_outweighs_a_veto() {
    let mut form = form("Search", vec![field("email", "E-mail")]);
    check(&form, Kind::Other, false);
    form.chosen = true;
    assert!(detect(&form).taken);
}

#[test]
fn r_form_2_a_letter_to_the_owner_is_proposed_and_taken_if_chosen() {
    let message = field("textarea", "Message");
    let mut form = form("Send", vec![field("email", "E-mail"), message]);
    let found = detect(&form);
    assert!(found.proposed && !found.taken, "{found:?}");
    form.chosen = true;
    check(&form, Kind::Contact, true);
}

#[test]
fn somebody_elses_address_is_no_lead() {
    for label in ["Friend's email", "E-mail de votre ami", "E-Mail des Freundes", "Recipient email"]
    {
        let found = detect(&form("Send", vec![field("email", label)]));
        assert_eq!((found.email, found.taken), (None, false), "{label}");
    }
}

#[test]
fn r_form_5_what_nobody_sees_and_what_is_somebody_elses_is_never_read() {
    let trap = Field { name: "email".into(), visible: false, ..field("email", "Email") };
    let found = detect(&form("Subscribe", vec![trap, field("email", "")]));
    assert_eq!(found.email, Some(1));
    let trap = field("text", "E-mail: leave this field blank");
    assert_eq!(detect(&form("Subscribe", vec![trap])).email, None);
    // A password that is shown is one still; cards, birthdays and other people are no names.
    for label in [
        "Name on card",
        "Nom du titulaire",
        "Name des Kontoinhabers",
        "Birth name",
        "Name of your friend",
        "Manager's name",
        "フリガナ",
        "カード名義",
        "اسم الشركة",
    ] {
        let found = detect(&form("Sign up", vec![field("text", label), field("email", "")]));
        let names = [found.first_name, found.last_name, found.full_name];
        assert_eq!(names, [None; 3], "{label}");
    }
}

#[test]
fn a_type_outranks_a_name() {
    let phone = Field { name: "email".into(), ..field("tel", "Phone") };
    let text = Field { name: "email".into(), ..field("text", "") };
    let found = detect(&form("Subscribe", vec![phone, text, field("email", "Your e-mail")]));
    assert_eq!(found.email, Some(2));
}

#[test]
fn of_two_addresses_the_first_is_not_the_repeated_one() {
    let fields = vec![field("email", "Confirm e-mail"), field("email", "E-mail")];
    assert_eq!(detect(&form("Subscribe", fields)).email, Some(1));
}

#[test]
fn r_form_6_names_are_found_in_any_language() {
    for (first, last) in [
        ("First name", "Last name"),
        ("Prénom", "Nom"),
        ("Prénom", "Nom de famille"),
        ("Vorname", "Nachname"),
        ("Vorname", "Name"),
        ("Nombre", "Apellidos"),
        ("Nome", "Cognome"),
        ("Nome", "Sobrenome"),
        ("Voornaam", "Achternaam"),
        ("Nombre", "Primer apellido"),
        ("الاسم الأول", "اسم العائلة"),
        ("名", "姓"),
        ("お名前（名）", "お名前（姓）"),
    ] {
        let fields = vec![field("text", last), field("text", first), field("email", "")];
        let found = detect(&form("Sign up", fields));
        let names = (found.first_name, found.last_name, found.full_name);
        assert_eq!(names, (Some(1), Some(0), None), "{first}");
    }
    for both in [
        "Name",
        "Your name",
        "Nom et prénom",
        "Vor- und Nachname",
        "First and last name",
        "Nombre y apellidos",
        "Nome e cognome",
        "Naam",
        "الاسم الكامل",
        "お名前",
        "氏名",
    ] {
        let found = detect(&form("Sign up", vec![field("text", both), field("email", "")]));
        let names = (found.first_name, found.last_name, found.full_name);
        assert_eq!(names, (None, None, Some(0)), "{both}");
    }
}

#[test]
fn a_user_or_a_company_is_not_a_name() {
    for label in ["User name", "Company name", "Nom de l’entreprise", "Firmenname", "Usuario"] {
        let user = Field { name: "name".into(), ..field("text", label) };
        let found = detect(&form("Sign up", vec![user, field("email", "")]));
        assert_eq!((found.first_name, found.full_name), (None, None), "{label}");
    }
}

#[test]
fn a_lead_has_the_values() {
    let fields = vec![
        filled("text", "Name", " Ann  de Vries "),
        filled("email", "E-mail", " ann@example.com "),
    ];
    let expected = Lead {
        email: "ann@example.com".into(),
        first_name: Some("Ann".into()),
        last_name: Some("de Vries".into()),
        honeypot: false,
    };
    assert_eq!(lead(&form("Subscribe", fields)), Some(expected));
}

#[test]
fn r_guard_7_a_trap_that_was_filled_in_is_told_and_not_read() {
    let trap = Field { typed: true, visible: false, ..field("text", "Leave this field blank") };
    let told = |other: Field| {
        let fields = vec![filled("email", "E-mail", "ann@example.com"), other];
        lead(&form("Subscribe", fields)).unwrap().honeypot
    };
    assert!(told(trap.clone()));
    assert!(told(Field { name: "honeypot".into(), label: String::new(), ..trap.clone() }));
    // Empty; seen; or a hidden field into which the page's own script wrote.
    assert!(!told(Field { typed: false, ..trap.clone() }));
    assert!(!told(Field { prefilled: true, ..trap.clone() }));
    assert!(!told(Field { visible: true, ..trap.clone() }));
    assert!(!told(Field { label: "Source".into(), name: "utm_source".into(), ..trap }));
}

#[test]
fn half_an_address_is_no_lead() {
    for typed in ["", "ann", "ann@", "@example.com", "ann@example", "a b@example.com"] {
        assert_eq!(lead(&form("Subscribe", vec![filled("email", "", typed)])), None, "{typed}");
    }
}

#[test]
fn an_empty_form_is_nothing() {
    check(&Form::default(), Kind::Other, false);
}

#[test]
fn a_description_may_lack_anything() {
    let form: Form = serde_json::from_str(r#"{"fields":[{"type":"email"}]}"#).unwrap();
    assert_eq!(form.fields.first().map(|it| it.kind.as_str()), Some("email"));
    assert_eq!(form.id, String::new());
}

#[test]
fn r_form_3_what_is_for_something_else_is_never_taken() {
    let all = [
        ("Sign in", "Next", "E-mail"),
        ("", "Continue with e-mail", "E-mail"),
        ("", "Search", "E-mail"),
        ("", "Apply filters", "Customer email"),
        ("Leave the newsletter", "Unsubscribe", "E-mail"),
        ("Newsletter", "Abmelden", "E-Mail"),
        ("", "Post comment", "E-mail"),
        ("Forgot your password?", "Send", "E-mail"),
        ("", "パスワードを再設定", "メールアドレス"),
        ("Track your order", "Go", "E-mail"),
        ("Suivre ma commande", "Valider", "E-mail"),
        ("", "Apply coupon", "E-mail"),
        ("Carte cadeau", "Ajouter au panier", "E-mail"),
        ("Email settings", "OK", "E-mail"),
        ("Cambiar correo", "Guardar cambios", "Correo nuevo"),
        ("Write a review", "Send", "E-mail"),
        ("Invite a friend", "Send", "E-mail"),
        ("Recomienda a un amigo", "Enviar", "E-mail"),
        ("Jetzt bewerben", "Senden", "E-Mail"),
        ("", "Share", "Add people by e-mail"),
        ("", "Delete my data", "E-mail"),
    ];
    for (heading, button, label) in all {
        let form = Form { heading: heading.into(), ..form(button, vec![field("email", label)]) };
        let found = detect(&form);
        assert!(!found.taken && !found.proposed, "{heading} {button}: {found:?}");
    }
    for (label, kind) in [("Order number", "text"), ("Upload your CV", "file")] {
        let found = detect(&form("Send", vec![field("email", "E-mail"), field(kind, label)]));
        assert!(!found.taken, "{label}: {found:?}");
    }
}

#[test]
fn words_near_those_of_other_forms_cost_nothing() {
    for (heading, button) in [
        ("Get product updates", "Subscribe"),
        ("Nous suivre", "OK"),
        ("Share this post", "Subscribe"),
        ("Your friend sent you 10 €", "Claim my 10 €"),
        ("", "Find out how"),
        ("", "Save my seat"),
        ("", "Get the report"),
        ("Editor’s picks", "Join"),
    ] {
        let fields = vec![field("email", "E-mail")];
        let found = detect(&Form { heading: heading.into(), ..form(button, fields) });
        assert!(found.taken, "{heading} {button}: {found:?}");
    }
}

#[test]
fn the_button_that_is_used_decides() {
    let used_first = |buttons: [&str; 2]| Form {
        buttons: buttons.map(String::from).into(),
        ..form("", vec![field("email", "E-mail")])
    };
    assert!(detect(&used_first(["Subscribe", "Unsubscribe"])).taken);
    assert!(!detect(&used_first(["Unsubscribe", "Subscribe"])).taken);
}

#[test]
fn a_person_whom_the_page_knows_is_not_new() {
    let known = |read_only| Field { prefilled: true, read_only, ..field("email", "E-mail") };
    let settings = vec![known(false), field("password", "Password")];
    assert!(!detect(&form("Continue", settings)).taken);
    assert!(!detect(&form("Continue", vec![known(true)])).taken);
    // A form that came back with an error has what was typed before.
    let again = vec![known(false), field("password", ""), field("password", "Repeat")];
    assert!(detect(&form("Create account", again)).taken);
}

#[test]
fn r_form_7_the_owner_has_the_last_word() {
    let named = |label: &str, named: &str| Field { named: named.into(), ..field("text", label) };
    let fields = vec![
        named("Code A", "last-name"),
        named("Contact e-mail of your friend", "email"),
        named("Display name", "first-name"),
        field("email", "E-mail"),
        named("Name", "ignore"),
    ];
    let found = detect(&form("Subscribe", fields));
    let chosen = [found.email, found.first_name, found.last_name, found.full_name];
    assert_eq!(chosen, [Some(1), Some(2), Some(0), None]);
    let found = detect(&form("Subscribe", vec![named("E-mail", "name"), field("email", "")]));
    assert_eq!((found.email, found.full_name), (Some(1), Some(0)));

    let mut form = form("Subscribe", vec![field("email", "E-mail")]);
    form.ignored = true;
    assert!(!detect(&form).taken);
    form.chosen = true;
    assert!(!detect(&form).taken);
}

#[test]
fn r_form_11_the_box_of_consent_is_that_for_news_or_else_that_for_terms() {
    let fields = vec![
        field("email", "E-mail"),
        field("checkbox", "J’accepte les conditions générales"),
        field("checkbox", "Je souhaite recevoir la lettre"),
        Field { visible: false, ..field("checkbox", "Newsletter") },
    ];
    assert_eq!(detect(&form("S’inscrire", fields.clone())).consent, Some(2));
    assert_eq!(detect(&form("S’inscrire", fields[..2].into())).consent, Some(1));
    assert_eq!(detect(&form("S’inscrire", fields[..1].into())).consent, None);
}

#[test]
fn where_the_family_comes_first_the_given_name_is_the_second() {
    let told = |name: &str| {
        let fields = vec![filled("text", "お名前", name), filled("email", "", "a@example.jp")];
        let lead = lead(&form("登録", fields)).unwrap();
        (lead.first_name.unwrap(), lead.last_name)
    };
    assert_eq!(told("山田 太郎"), ("太郎".into(), Some("山田".into())));
    assert_eq!(told("山田\u{3000}太郎"), ("太郎".into(), Some("山田".into())));
    assert_eq!(told("山田太郎"), ("山田太郎".into(), None));
    assert_eq!(told("Taro Yamada"), ("Taro".into(), Some("Yamada".into())));
}

#[test]
fn a_box_that_is_not_ticked_is_no_trap_that_was_filled_in() {
    for kind in ["checkbox", "radio", "select-one"] {
        let trap =
            Field { typed: true, visible: false, name: "honeypot".into(), ..field(kind, "") };
        let fields = vec![filled("email", "E-mail", "ann@example.com"), trap];
        assert!(!lead(&form("Subscribe", fields)).unwrap().honeypot, "{kind}");
    }
}

#[test]
fn an_address_that_the_page_takes_for_a_user_name_needs_more_than_a_neutral_button() {
    let known = |name: &str, autocomplete: &str| Field {
        name: name.into(),
        autocomplete: autocomplete.into(),
        ..field("email", "E-mail")
    };
    assert!(detect(&form("Continue", vec![known("contact", "OFF")])).taken);
    for field in
        [known("username", ""), known("user_login", "off"), known("e", "username webauthn")]
    {
        assert!(!detect(&form("Continue", vec![field.clone()])).taken, "{field:?}");
        assert!(detect(&form("Subscribe", vec![field.clone()])).taken, "{field:?}");
    }
}

#[test]
fn what_stands_on_real_sign_ups_too_does_not_outweigh_them() {
    let account = || {
        let new = Field { autocomplete: "new-password".into(), ..field("password", "") };
        vec![field("email", "E-mail"), field("text", "First name"), new]
    };
    let mut stays = account();
    stays.push(field("checkbox", "Keep me signed in"));
    check(&form("Create account", stays), Kind::SignUp, true);
    let mut coupon = account();
    coupon.push(field("text", "Promo code"));
    check(&form("Create account", coupon), Kind::SignUp, true);
    let friends = "Sign up and share photos with your friends";
    let shared = Form { heading: friends.into(), ..form("Sign up", account()) };
    check(&shared, Kind::SignUp, true);
    let search = Form { action: "/search".into(), ..form("Create account", account()) };
    check(&search, Kind::Login, false);
}

#[test]
fn a_message_to_a_friend_is_not_a_letter_to_the_owner() {
    let fields = || {
        let message = field("textarea", "Message");
        vec![field("email", "Your e-mail"), field("email", "Friend’s e-mail"), message]
    };
    let found = detect(&form("Send", fields()));
    assert!(!found.taken && !found.proposed, "{found:?}");
    check(&form("Place order", fields()), Kind::Checkout, true);
    let tell = Form { name: "tellafriend".into(), ..form("Send", vec![field("email", "E-mail")]) };
    check(&tell, Kind::Other, false);
}

#[test]
fn a_password_that_is_hidden_is_not_asked_for() {
    let hidden = Field { visible: false, ..field("password", "Password") };
    check(&form("Subscribe", vec![field("email", "E-mail"), hidden]), Kind::Newsletter, true);
}
