//! A dry run: every row is looked at, and nothing of the campaign is changed.

use std::collections::BTreeMap;

use shared::{
    code::Code,
    email::Email,
    import::{Choices, Field, Flaw, Person, Reason, Turn, What, person, turns},
    referral::Status,
};

use super::written;
use crate::{
    app::App,
    engine::terms,
    error::Error,
    platform::IMPORT_LOOK,
    store::{
        import_rows::{self, Flawed, Judged, Named, Row},
        imports::{self, Import, Seen},
    },
};

/// Rows whose order is read at once.
const ORDERED: u32 = 20_000;

/// Looks at some rows, or orders all when all were looked at; whether there is more to do.
pub(super) async fn bite(app: &App, it: &Import) -> Result<bool, Error> {
    let choices = it.chosen().ok_or_else(|| Error::Internal("an import without choices".into()))?;
    let rows = import_rows::after(&app.db, &it.id, it.place, IMPORT_LOOK).await?;
    let Some(last) = rows.last().map(|it| it.row) else {
        order(app, it, &choices).await?;
        return Ok(false);
    };
    let looked = match it.what {
        What::Participants => participants(app, it, &choices, &rows).await?,
        What::Customers => customers(app, it, &choices, &rows).await?,
    };
    let Looked { judged, flaws } = looked;
    let count = |is: &dyn Fn(&Judged) -> bool| {
        u32::try_from(judged.iter().filter(|it| is(it)).count()).unwrap_or(u32::MAX)
    };
    let seen = Seen {
        fresh: count(&|it| it.5 == READY && it.4 == 0),
        known: count(&|it| it.5 == READY && it.4 == 1),
        bad: count(&|it| it.5 == BAD),
    };
    let batch = vec![
        imports::step(it, last, seen),
        import_rows::judge(&it.id, &judged),
        import_rows::flaw(&it.id, &flaws),
    ];
    written(app, batch).await?;
    Ok(true)
}

const READY: &str = "READY";
const BAD: &str = "BAD";

/// What came of rows.
#[derive(Default)]
struct Looked {
    judged: Vec<Judged>,
    flaws: Vec<Flawed>,
}

impl Looked {
    fn bad(&mut self, row: u32, flaw: Flaw, other: Option<u32>) {
        self.judged.push(Judged(row, None, None, None, 0, BAD, 0));
        self.flaws.push(Flawed { row, place: flaw.column, reason: flaw.reason, other });
    }
}

/// Which column a field stands in.
pub(super) fn column(choices: &Choices, field: Field) -> usize {
    choices.fields.iter().position(|it| *it == field).unwrap_or_default()
}

async fn participants(
    app: &App,
    it: &Import,
    choices: &Choices,
    rows: &[Row],
) -> Result<Looked, Error> {
    let (terms, _) = terms::read(app, &it.campaign).await?;
    let zone = terms.campaign.options.time_zone;
    let mut looked = Looked::default();
    let mut people: BTreeMap<u32, Person> = BTreeMap::new();
    for row in rows {
        match person(choices, &it.heads, &row.cells, zone, it.created_at) {
            Ok(person) => drop(people.insert(row.row, person)),
            Err(flaw) => looked.bad(row.row, flaw, None),
        }
    }
    let named: Vec<Named> = people
        .iter()
        .map(|(row, person)| Named {
            row: *row,
            identity: person.email.identity(),
            code: person.code.clone(),
            referrer: person.referrer.as_deref().map(referrer_key),
        })
        .collect();
    let facts = import_rows::facts(&app.db, &it.campaign, &it.id, &named).await?;
    let facts: BTreeMap<u32, _> = facts.into_iter().map(|it| (it.row, it)).collect();
    // Rows of this bite that were good so far.
    let (mut addresses, mut codes): (BTreeMap<String, u32>, BTreeMap<Code, u32>) =
        Default::default();
    let at = |field, reason| Flaw { column: column(choices, field), reason };
    for named in named {
        let Some(fact) = facts.get(&named.row) else { continue };
        let earlier = fact.same_address.or_else(|| addresses.get(&named.identity).copied());
        if earlier.is_some() {
            looked.bad(named.row, at(Field::Email, Reason::EmailTwice), earlier);
            continue;
        }
        if let Some(code) = &named.code {
            let earlier = fact.same_code.or_else(|| codes.get(code).copied());
            let is_taken = fact.holder.is_some() && fact.holder != fact.known;
            if earlier.is_some() || is_taken {
                let reason = if is_taken { Reason::CodeTaken } else { Reason::CodeTwice };
                looked.bad(named.row, at(Field::Code, reason), earlier.filter(|_| !is_taken));
                continue;
            }
            codes.insert(code.clone(), named.row);
        }
        addresses.insert(named.identity.clone(), named.row);
        // Whoever takes part is not bound anew, so it does not matter whom the file names.
        let waits = fact.known.is_none() && !fact.has_referrer;
        let referrer = named.referrer.filter(|_| waits);
        let known = u8::from(fact.known.is_some());
        let credits = people
            .get(&named.row)
            .is_some_and(|it| it.referrer.is_some() && it.status == Some(Status::CreditAwarded));
        let credits = u8::from(credits && known == 0);
        let Named { row, identity, code, .. } = named;
        looked.judged.push(Judged(row, Some(identity), code, referrer, known, READY, credits));
    }
    Ok(looked)
}

/// What a referrer is looked up by: their identity, or a code in small letters.
fn referrer_key(text: &str) -> String {
    Email::parse(text).map_or_else(|_| text.trim().to_lowercase(), |it| it.identity())
}

async fn customers(
    app: &App,
    it: &Import,
    choices: &Choices,
    rows: &[Row],
) -> Result<Looked, Error> {
    let place = column(choices, Field::Email);
    let mut looked = Looked::default();
    let mut good: BTreeMap<u32, &str> = BTreeMap::new();
    for row in rows {
        let cell = row.cells.get(place).map_or("", String::as_str);
        match (cell.strip_prefix('#'), cell.is_empty()) {
            (Some(hash), _) => drop(good.insert(row.row, hash)),
            (None, is_empty) => {
                let reason = if is_empty { Reason::EmailMissing } else { Reason::EmailWrong };
                looked.bad(row.row, Flaw { column: place, reason }, None);
            }
        }
    }
    let named: Vec<(u32, &str)> = good.iter().map(|(row, hash)| (*row, *hash)).collect();
    let found = import_rows::known_customers(&app.db, &it.campaign, &it.id, &named).await?;
    let mut known: std::collections::BTreeSet<u32> = found.into_iter().collect();
    let mut seen = std::collections::BTreeSet::new();
    for (row, hash) in named {
        if !seen.insert(hash) {
            known.insert(row);
        }
        let is_known = u8::from(known.contains(&row));
        looked.judged.push(Judged(row, Some(hash.into()), None, None, is_known, READY, 0));
    }
    Ok(looked)
}

/// All rows were looked at: referrers come before their friends.
async fn order(app: &App, it: &Import, choices: &Choices) -> Result<(), Error> {
    let (mut waiting, mut after) = (Vec::new(), 0);
    loop {
        let found = import_rows::waiting(&app.db, &it.id, after, ORDERED).await?;
        let Some(last) = found.last() else { break };
        after = last.row;
        waiting.extend(found);
    }
    let place = column(choices, Field::ReferredBy);
    let turns = turns(&waiting);
    let flaws: Vec<Flawed> = turns
        .iter()
        .filter_map(|(row, turn)| match turn {
            Turn::Bad(reason, other) => {
                Some(Flawed { row: *row, place, reason: *reason, other: *other })
            }
            Turn::Level(_) => None,
        })
        .collect();
    let spoilt = u32::try_from(flaws.len()).unwrap_or(u32::MAX);
    let mut batch = Vec::new();
    batch.extend(turns.chunks(ORDERED as usize).map(|some| import_rows::order(&it.id, some)));
    // In pieces that a parameter takes.
    for some in flaws.chunks(5_000) {
        batch.push(import_rows::flaw(&it.id, some));
        let rows: Vec<u32> = some.iter().map(|it| it.row).collect();
        batch.push(import_rows::spoil(&it.id, &rows));
    }
    batch.push(imports::checked(it, spoilt));
    written(app, batch).await?;
    Ok(())
}
