//! Refunds on the wire.

use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use super::{Unbuilt, transaction};
use crate::{
    campaign::Flaw,
    money::{Currency, LARGEST},
    refund::{Amendment, Extent},
};

/// `POST /campaign/{id}/participant/{p}/transaction/refund`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the wire's names say it all")]
pub struct Refund {
    #[serde(default)]
    pub amendment_type: Amendment,
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
    /// What was refunded so far, where `amountRefunded` does not say it.
    #[serde(default)]
    pub amount: Option<i64>,
    /// What was refunded so far.
    #[serde(default)]
    pub amount_refunded: Option<i64>,
    /// What this refund adds.
    #[serde(default)]
    pub refund_amount: Option<i64>,
    #[serde(default)]
    pub refund_id: Option<String>,
    #[serde(default)]
    pub refund_status: Option<String>,
    /// Taken and dropped: what is missing of the history is not asked for.
    #[serde(default)]
    pub refund_history_complete: Option<bool>,
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Taken, checked and dropped: people write names into it.
    #[serde(default, deserialize_with = "transaction::description")]
    pub description: Option<String>,
    /// Looking orders up at payment providers is not built.
    #[serde(default)]
    pub payment_provider: Option<Unbuilt>,
    #[serde(default)]
    pub test_mode: Option<bool>,
}

/// What shops and banks call a refund that took place, in lower case.
const DONE: &[&str] = &["succeeded", "success", "completed", "processed", "refunded", "lost"];

impl Refund {
    /// The numbers of the order, by their kind.
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
        transaction::numbers(&kinds, self.test_mode)
    }

    /// How much is refunded, and what this refund is called: the same name twice is one refund. One
    /// that has no name of its own is called by what it says of the whole order.
    pub fn extent(&self) -> Result<(Extent, String), Flaw> {
        let amounts = [
            ("amount", self.amount),
            ("amountRefunded", self.amount_refunded),
            ("refundAmount", self.refund_amount),
        ];
        for (field, amount) in amounts {
            if amount.is_some_and(|it| !(1..=LARGEST).contains(&it)) {
                let problem = "must be a whole number from 1 to 9007199254740991";
                return Err(Flaw { field, problem });
            }
        }
        let status = self.refund_status.as_ref().map(|it| it.trim().to_ascii_lowercase());
        if status.is_some_and(|it| !DONE.contains(&it.as_str())) {
            let problem = "only refunds that took place are recorded, such as succeeded";
            return Err(Flaw { field: "refundStatus", problem });
        }
        let name = self.refund_id.as_ref().map(|it| it.trim());
        if name.is_some_and(|it| it.is_empty() || 255 < it.len()) {
            return Err(Flaw { field: "refundId", problem: "must have 1 to 255 characters" });
        }
        let extent = match (self.refund_amount, self.amount_refunded.or(self.amount)) {
            (Some(amount), _) => Extent::Part(amount),
            (None, Some(amount)) => Extent::Total(amount),
            (None, None) => Extent::All,
        };
        let name = match (name, extent) {
            (Some(name), _) => format!("id {name}"),
            (None, Extent::All) => "all".into(),
            (None, Extent::Total(amount)) => format!("total {amount}"),
            (None, Extent::Part(_)) => {
                let problem = "is required with refundAmount: without it, a call that is sent \
                    again could not be told from a further refund";
                return Err(Flaw { field: "refundId", problem });
            }
        };
        Ok((extent, name))
    }
}

/// Its answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refunded {
    /// Whether it is recorded, by this call or before.
    pub success: bool,
    /// What kind of amendment it was.
    pub amendment_type: Amendment,
    /// How many orders it is of: one, or none that is known yet.
    pub matched: u32,
    /// How many orders are worth less by this call, and not nothing.
    pub adjusted: u32,
    /// How many rewards that were given are undone by this call.
    pub reversed: u32,
    /// How many rewards that were not given are cancelled by this call.
    pub deleted: u32,
    /// There are no commissions.
    pub matching_commission_ids: Vec<String>,
    /// What happened.
    pub message: &'static str,
    /// Whether the order is not known yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_found: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &str, expected: Result<(Extent, &str), &'static str>) {
        let refund: Refund = serde_json::from_str(&format!("{{{fields}}}")).unwrap();
        let expected = expected.map(|(extent, name)| (extent, name.into()));
        assert_eq!(refund.extent().map_err(|it| it.field), expected, "{fields}");
    }

    #[test]
    fn r_refund_2_a_refund_has_a_name_by_which_it_is_told_again() {
        check("", Ok((Extent::All, "all")));
        check(r#""refundId":" r1 ""#, Ok((Extent::All, "id r1")));
        check(r#""amountRefunded":5,"amount":9"#, Ok((Extent::Total(5), "total 5")));
        check(r#""amount":9"#, Ok((Extent::Total(9), "total 9")));
        check(r#""refundAmount":5,"refundId":"r1""#, Ok((Extent::Part(5), "id r1")));
        check(r#""refundAmount":5"#, Err("refundId"));
        check(r#""refundAmount":5,"refundId":"""#, Err("refundId"));
        check(r#""refundStatus":"Succeeded""#, Ok((Extent::All, "all")));
        check(r#""refundStatus":"canceled""#, Err("refundStatus"));
        for field in ["amount", "amountRefunded", "refundAmount"] {
            for wrong in ["0", "-1", "9007199254740992"] {
                check(&format!(r#""{field}":{wrong},"refundId":"r""#), Err(field));
            }
        }
    }
}
