//! The touches that a browser keeps, first and last, and which of them wins.

use serde::{Deserialize, Serialize};

use super::Claims;
use crate::time::{Span, Timestamp};

/// The longest window: 13 months, the life that the CNIL sets for such cookies, in days.
pub const WINDOW_LONGEST: Span = Span::days(395);

/// How shortly before the event a touch counts as made inside the checkout.
pub const LATE: Span = Span::minutes(30);

/// Which touch wins.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Model {
    /// The latest touch inside the window.
    #[default]
    LastClick,
    /// The earliest touch inside the window.
    FirstClick,
}

/// What one browser keeps for one campaign: at most two touches.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Touches {
    /// The first touch, when there was more than one.
    pub first: Option<Claims>,
    /// The last touch.
    pub last: Claims,
}

impl Touches {
    /// What the browser keeps after one more click: the first stays, only the last is replaced.
    #[must_use]
    pub fn after(kept: Option<Self>, click: Claims) -> Self {
        let first = kept
            .and_then(|it| if it.last == click { it.first } else { it.first.or(Some(it.last)) });
        Self { first, last: click }
    }

    /// The touches, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Claims> {
        self.first.iter().chain([&self.last])
    }

    /// The same with the last touch confirmed by a landing page.
    #[must_use]
    pub fn landed(self) -> Self {
        Self { last: Claims { landed: true, ..self.last }, ..self }
    }
}

/// The touch that an event is credited to.
///
/// The window is closed at both ends: the click precedes the event by at most `window`. A last
/// touch made within [`LATE`] of the event that never showed up on a landing page does not displace
/// an earlier one: that is how extensions overwrite referrals inside a checkout.
#[must_use]
pub fn winner(touches: &Touches, model: Model, window: Span, event: Timestamp) -> Option<&Claims> {
    // A token's click is known to the second, so the event's second decides.
    let inside = |it: &&Claims| {
        let clicked = it.iat;
        clicked <= event.seconds() && (event - window).seconds() <= clicked
    };
    let late = |it: &Claims| !it.landed && event - LATE <= it.clicked_at();
    let first = touches.first.as_ref().filter(inside);
    let last = Some(&touches.last).filter(inside);
    match model {
        Model::FirstClick => first.or(last),
        Model::LastClick => match (first, last) {
            (Some(first), Some(last)) if late(last) => Some(first),
            (first, last) => last.or(first),
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::code::Code;

    use super::*;

    const EVENT: Timestamp = Timestamp(1_790_000_000_000);
    const WINDOW: Span = Span::days(30);

    fn click(referrer: &str, at: Timestamp, landed: bool) -> Claims {
        Claims {
            iss: "prn".into(),
            aud: "shop".into(),
            sub: Code::parse(referrer).unwrap(),
            jti: referrer.into(),
            ch: None,
            iat: at.seconds(),
            exp: i64::MAX,
            landed,
        }
    }

    fn both(first: Claims, last: Claims) -> Touches {
        Touches { first: Some(first), last }
    }

    #[track_caller]
    fn check(touches: &Touches, model: Model, expected: Option<&str>) {
        let found = winner(touches, model, WINDOW, EVENT);
        assert_eq!(found.map(|it| it.sub.as_str()), expected);
    }

    #[test]
    fn r_touch_1_the_model_chooses_between_first_and_last() {
        let touches = both(
            click("ada", EVENT - Span::days(2), true),
            click("bob", EVENT - Span::days(1), true),
        );
        check(&touches, Model::LastClick, Some("bob"));
        check(&touches, Model::FirstClick, Some("ada"));
    }

    #[test]
    fn r_touch_2_the_window_is_closed_at_both_ends() {
        let one = |at| Touches { first: None, last: click("ada", at, true) };
        check(&one(EVENT), Model::LastClick, Some("ada"));
        check(&one(EVENT + Span::seconds(1)), Model::LastClick, None);
        check(&one(EVENT - WINDOW), Model::LastClick, Some("ada"));
        check(&one(EVENT - WINDOW - Span::seconds(1)), Model::LastClick, None);
    }

    #[test]
    fn r_touch_2_a_touch_outside_the_window_leaves_room_for_the_other() {
        let touches = both(
            click("ada", EVENT - WINDOW - Span::days(1), true),
            click("bob", EVENT - Span::days(1), true),
        );
        check(&touches, Model::FirstClick, Some("bob"));
    }

    #[test]
    fn r_touch_3_a_redirect_replaces_only_the_last_touch() {
        let [a, b, c] = [1, 2, 3].map(|day| click("ada", Timestamp(0) + Span::days(day), false));
        let one = Touches::after(None, a.clone());
        assert_eq!(one, Touches { first: None, last: a.clone() });
        let two = Touches::after(Some(one), b.clone());
        assert_eq!(two, both(a.clone(), b));
        assert_eq!(Touches::after(Some(two), c.clone()), both(a, c));
    }

    #[test]
    fn r_touch_4_a_late_touch_without_a_visit_does_not_displace_an_earlier_one() {
        let early = click("ada", EVENT - Span::days(2), true);
        let late = |landed| click("bob", EVENT - LATE, landed);
        check(&both(early.clone(), late(false)), Model::LastClick, Some("ada"));
        check(&both(early.clone(), late(true)), Model::LastClick, Some("bob"));
        let earlier = click("bob", EVENT - LATE - Span::seconds(1), false);
        check(&both(early, earlier), Model::LastClick, Some("bob"));
        check(&Touches { first: None, last: late(false) }, Model::LastClick, Some("bob"));
    }
}
