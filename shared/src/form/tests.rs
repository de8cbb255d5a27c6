//! Examples of forms, and what they are taken for.

use alloc::{string::String, vec, vec::Vec};

use super::*;

fn field(kind: &str, label: &str) -> Field {
    Field {
        kind: kind.into(),
        label: label.into(),
        tag: "input".into(),
        visible: true,
        ..Field::default()
    }
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
fn an_address_and_a_button_is_a_newsletter_in_any_language() {
    for (label, button) in [
        ("Email address", "Subscribe"),
        ("Adresse e-mail", "S’abonner"),
        ("Courriel", "Je m'inscris"),
        ("E-Mail-Adresse", "Anmelden"),
        ("Correo electrónico", "Suscribirme"),
        ("E-mail", "OK"),
    ] {
        let found = detect(&form(button, vec![field("text", label)]));
        assert!(found.taken, "{button}: {found:?}");
    }
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
fn a_secret_is_refused_even_if_chosen() {
    for autocomplete in ["current-password", "section-a one-time-code"] {
        let secret = Field { autocomplete: autocomplete.into(), ..field("text", "") };
        let mut form = form("Sign up", vec![field("email", "E-mail"), secret]);
        form.chosen = true;
        assert!(!detect(&form).taken);
    }
}

#[test]
fn the_owner_outweighs_a_veto() {
    let mut form = form("Search", vec![field("email", "E-mail")]);
    check(&form, Kind::Other, false);
    form.chosen = true;
    assert!(detect(&form).taken);
}

#[test]
fn a_letter_to_the_owner_is_proposed_and_taken_if_chosen() {
    let message = Field { tag: "textarea".into(), ..field("textarea", "Message") };
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
fn what_nobody_sees_is_never_read() {
    let trap = Field { name: "email".into(), visible: false, ..field("email", "Email") };
    let found = detect(&form("Subscribe", vec![trap, field("email", "")]));
    assert_eq!(found.email, Some(1));
    let trap = field("text", "E-mail: leave this field blank");
    assert_eq!(detect(&form("Subscribe", vec![trap])).email, None);
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
fn names_are_found_in_any_language() {
    for (first, last) in [
        ("First name", "Last name"),
        ("Prénom", "Nom"),
        ("Prénom", "Nom de famille"),
        ("Vorname", "Nachname"),
        ("Vorname", "Name"),
        ("Nombre", "Apellidos"),
        ("Nome", "Cognome"),
    ] {
        let fields = vec![field("text", last), field("text", first), field("email", "")];
        let found = detect(&form("Sign up", fields));
        let names = (found.first_name, found.last_name, found.full_name);
        assert_eq!(names, (Some(1), Some(0), None), "{first}");
    }
    for both in ["Name", "Your name", "Nom et prénom", "Vor- und Nachname", "First and last name"]
    {
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
