//! Orders on the wire.

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::Unbuilt;
use crate::{
    campaign::Flaw,
    money::{Currency, LARGEST, Money},
};

/// `POST /campaign/{id}/participant/{p}/transaction`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Transaction {
    pub currency: Currency,
    pub gross_amount: i64,
    /// The signed claim that binds a payer whom nobody is bound to yet; ours.
    #[serde(default)]
    pub attribution: Option<String>,
    #[serde(default)]
    pub external_id: Option<String>,
    #[serde(default)]
    pub transaction_id: Option<String>,
    #[serde(default)]
    pub order_id: Option<String>,
    #[serde(default)]
    pub payment_id: Option<String>,
    #[serde(default)]
    pub invoice_id: Option<String>,
    #[serde(default)]
    pub payment_intent_id: Option<String>,
    #[serde(default)]
    pub charge_id: Option<String>,
    #[serde(default)]
    pub net_amount: Option<i64>,
    #[serde(default)]
    pub tax_amount: Option<i64>,
    #[serde(default)]
    pub amount_cash_net: Option<i64>,
    // Taken, checked and dropped: nothing rests on them yet.
    #[serde(default, deserialize_with = "super::name")]
    pub customer_id: Option<String>,
    #[serde(default, deserialize_with = "super::name")]
    pub subscription_id: Option<String>,
    #[serde(default)]
    pub total_tax_amount: Option<i64>,
    #[serde(default)]
    pub total_tax_amounts: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub total_taxes: Option<Vec<serde_json::Value>>,
    #[serde(default)]
    pub amount_paid: Option<i64>,
    #[serde(default)]
    pub invoice_total: Option<i64>,
    #[serde(default)]
    pub invoice_total_excluding_tax: Option<i64>,
    #[serde(default)]
    pub invoice_subtotal_excluding_tax: Option<i64>,
    #[serde(default)]
    pub paid_at: Option<i64>,
    #[serde(default, deserialize_with = "description")]
    pub description: Option<String>,
    /// Looking orders up at payment providers is not built.
    #[serde(default)]
    pub payment_provider: Option<Unbuilt>,
    #[serde(default)]
    pub test_mode: Option<bool>,
    /// What was bought, by the shop's own names; ours.
    #[serde(default)]
    pub products: Vec<String>,
    /// Where to, as two letters; ours.
    #[serde(default)]
    pub country: Option<String>,
}

pub(super) fn description<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    super::line::<D, 500>(deserializer)
}

/// The numbers that are given, at least one; none of a test's order, which is not built.
pub(super) fn numbers(
    kinds: &[(&'static str, &Option<String>)],
    test_mode: Option<bool>,
) -> Result<BTreeMap<&'static str, String>, Flaw> {
    if test_mode == Some(true) {
        let problem = "is not available in this installation";
        return Err(Flaw { field: "testMode", problem });
    }
    let mut numbers = BTreeMap::new();
    for (field, number) in kinds {
        let Some(number) = number else { continue };
        let number = number.trim();
        if number.is_empty() || 255 < number.len() {
            return Err(Flaw { field, problem: "must have 1 to 255 characters" });
        }
        numbers.insert(*field, number.into());
    }
    if numbers.is_empty() {
        let problem = "at least one number of the order is required: externalId, \
            transactionId, orderId, paymentId, invoiceId, paymentIntentId or chargeId";
        return Err(Flaw { field: "externalId", problem });
    }
    Ok(numbers)
}

impl Transaction {
    /// The numbers of the order, by their kind; none of a test's order, which is not built.
    pub fn numbers(&self) -> Result<BTreeMap<&'static str, String>, Flaw> {
        let kinds = [
            ("externalId", &self.external_id),
            ("transactionId", &self.transaction_id),
            ("orderId", &self.order_id),
            ("paymentId", &self.payment_id),
            ("invoiceId", &self.invoice_id),
            ("paymentIntentId", &self.payment_intent_id),
            ("chargeId", &self.charge_id),
        ];
        numbers(&kinds, self.test_mode)
    }

    /// What was paid, and what rewards are reckoned on: `amountCashNet`, else `netAmount`, else
    /// `grossAmount` less `taxAmount`.
    pub fn amounts(&self) -> Result<(Money, Money), Flaw> {
        let optional = [
            ("netAmount", self.net_amount),
            ("taxAmount", self.tax_amount),
            ("amountCashNet", self.amount_cash_net),
            ("totalTaxAmount", self.total_tax_amount),
            ("amountPaid", self.amount_paid),
            ("invoiceTotal", self.invoice_total),
            ("invoiceTotalExcludingTax", self.invoice_total_excluding_tax),
            ("invoiceSubtotalExcludingTax", self.invoice_subtotal_excluding_tax),
            ("paidAt", self.paid_at),
        ];
        let amounts = optional.into_iter().filter_map(|(field, it)| Some((field, it?)));
        for (field, amount) in [("grossAmount", self.gross_amount)].into_iter().chain(amounts) {
            if !(0..=LARGEST).contains(&amount) {
                let problem = "must be a whole number from 0 to 9007199254740991";
                return Err(Flaw { field, problem });
            }
        }
        if 100 < self.products.len() || self.products.iter().any(|it| 255 < it.len()) {
            let problem = "holds at most 100 names of at most 255 characters";
            return Err(Flaw { field: "products", problem });
        }
        let two = |it: &String| it.len() == 2 && it.bytes().all(|it| it.is_ascii_alphabetic());
        if !self.country.as_ref().is_none_or(two) {
            return Err(Flaw { field: "country", problem: "must be two letters, such as FR" });
        }
        let tax = self.tax_amount.unwrap_or(0);
        if self.gross_amount < tax {
            return Err(Flaw { field: "taxAmount", problem: "is more than grossAmount" });
        }
        let net = self.amount_cash_net.or(self.net_amount).unwrap_or(self.gross_amount - tax);
        let money = |minor| Money { minor, currency: self.currency };
        Ok((money(self.gross_amount), money(net)))
    }
}

/// Its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub enum Recorded {
    /// The order is new.
    #[serde(rename_all = "camelCase")]
    New { success: bool, first_sale: bool, duplicate: bool, message: &'static str },
    /// One of its numbers was recorded before.
    #[serde(rename_all = "camelCase")]
    Duplicate {
        success: bool,
        duplicate: bool,
        commissions_created: u32,
        duplicate_fields: Vec<String>,
        matching_commission_ids: Vec<String>,
        message: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(fields: &str) -> Transaction {
        serde_json::from_str(&alloc::format!(r#"{{"currency":"EUR",{fields}}}"#)).unwrap()
    }

    #[track_caller]
    fn net(fields: &str, expected: Result<i64, &'static str>) {
        assert_eq!(order(fields).amounts().map(|it| it.1.minor).map_err(|it| it.field), expected);
    }

    #[test]
    fn r_order_2_rewards_are_reckoned_on_what_is_left_after_tax() {
        net(r#""grossAmount":1200"#, Ok(1_200));
        net(r#""grossAmount":1200,"taxAmount":200"#, Ok(1_000));
        net(r#""grossAmount":1200,"taxAmount":200,"netAmount":900"#, Ok(900));
        net(r#""grossAmount":1200,"netAmount":900,"amountCashNet":800"#, Ok(800));
        net(r#""grossAmount":1200,"taxAmount":1201"#, Err("taxAmount"));
    }

    #[test]
    fn r_order_3_amounts_are_whole_minor_units_that_a_double_holds() {
        net(r#""grossAmount":0"#, Ok(0));
        net(r#""grossAmount":9007199254740991"#, Ok(LARGEST));
        net(r#""grossAmount":9007199254740992"#, Err("grossAmount"));
        net(r#""grossAmount":-1"#, Err("grossAmount"));
        net(r#""grossAmount":5,"amountCashNet":-1"#, Err("amountCashNet"));
    }

    #[test]
    fn r_order_1_an_order_has_a_number() {
        let numbers = |fields: &str| order(fields).numbers().map_err(|it| it.field);
        assert_eq!(numbers(r#""grossAmount":1"#), Err("externalId"));
        assert_eq!(numbers(r#""grossAmount":1,"orderId":"  ""#), Err("orderId"));
        let found = numbers(r#""grossAmount":1,"orderId":" 7 ","chargeId":"c""#).unwrap();
        assert_eq!(found, BTreeMap::from([("orderId", "7".into()), ("chargeId", "c".into())]));
    }
}
