"""Drives the service with GrowSurf's official client, which checks every answer against its own types.

GROWSURF_BASE_URL and GROWSURF_API_KEY say where and as whom, GROWSURF_SPARE_KEY which key may be used up. It ends with status 0, or with the first surprise.
"""

import os

import growsurf
import httpx
from growsurf import Growsurf

client = Growsurf(max_retries=0, _strict_response_validation=True)
LANDING = "https://shop.example/landing"

# What the client can ask for that `campaign`, `people`, `money`, `emails` and `after` below do not: method and path, with a campaign's id.
REST = """
POST /accounts
POST /team/verification-request
POST /team/owner/verification-email
POST /campaign/{id}/clone
GET /campaign/{id}/leaderboard
GET /campaign/{id}/commissions
GET /campaign/{id}/payouts
GET /campaign/{id}/analytics
GET /campaign/{id}/analytics/activation
POST /campaign/{id}/mobile-participant-token
POST /campaign/{id}/referral-flow-screenshots
GET /campaign/{id}/affiliate-applications
GET /campaign/{id}/affiliate-applications/a
PATCH /campaign/{id}/affiliate-applications/a
GET /campaign/{id}/affiliate-invites
POST /campaign/{id}/affiliate-invites
DELETE /campaign/{id}/affiliate-invites/a
POST /campaign/{id}/affiliate-invites/a/resend
POST /campaign/{id}/participant/{p}
POST /campaign/{id}/participants/bulk-delete
DELETE /campaign/{id}/participant/{p}/ref
POST /campaign/{id}/participant/{p}/invites
GET /campaign/{id}/participant/{p}/activity-logs
GET /campaign/{id}/participant/{p}/analytics
GET /campaign/{id}/participant/{p}/commissions
GET /campaign/{id}/participant/{p}/payouts
GET /campaign/{id}/participant/{p}/payout-destination
POST /campaign/{id}/participant/{p}/payout-destination/request-confirmation
POST /campaign/{id}/commission/comm_a/approve
DELETE /campaign/{id}/commission/comm_a
GET /campaign/{id}/design
PATCH /campaign/{id}/design
GET /campaign/{id}/integrations
GET /campaign/{id}/webhooks
POST /campaign/{id}/webhooks
PATCH /campaign/{id}/webhooks/a
DELETE /campaign/{id}/webhooks/a
POST /campaign/{id}/webhooks/a/test
GET /campaign/{id}/resources
POST /campaign/{id}/resources
PATCH /campaign/{id}/resources/a
DELETE /campaign/{id}/resources/a
POST /campaign/{id}/resource-upload-tickets
"""


def refused(kind, call, *arguments, **named):
    """The body with which a call is refused."""
    try:
        answer = call(*arguments, **named)
    except kind as error:
        body = error.body
        assert body["status"] == error.status_code, body
        assert {"name", "code", "message", "supportUrl"} <= body.keys(), body
        return body
    raise AssertionError(f"{kind.__name__} expected, not {answer}")


def campaign():
    """Creates a campaign, configures and publishes it; returns its id."""
    reward = {"type": "DOUBLE_SIDED", "title": "A gift for two", "limit": -1}
    created = client.campaign.create(type="REFERRAL", name="Story", currency_iso="EUR", rewards=[reward])
    id = created.id
    assert (created.status, created.name) == ("DRAFT", "Story")
    assert id in [it.id for it in client.campaign.list().campaigns]

    installation = {
        "shareUrl": LANDING,
        "allowedUrls": ["https://shop.example"],
        "referralTrigger": "CUSTOM",
    }
    client.campaign.installation.update(id, body=installation)
    kept = client.campaign.installation.retrieve(id)
    assert {key: kept[key] for key in installation} == installation, kept
    client.campaign.options.update(id, body={"attributionModel": "FIRST_CLICK"})
    assert client.campaign.options.retrieve(id)["attributionModel"] == "FIRST_CLICK"
    wrong = refused(growsurf.BadRequestError, client.campaign.options.update, id, body={"nonsense": 1})
    assert [it["param"] for it in wrong["errors"]] == ["nonsense"], wrong

    second = client.campaign.rewards.create(id, type="SINGLE_SIDED", title="More", conversions_required=2)
    listed = client.campaign.rewards.list(id).rewards
    assert [it.title for it in listed] == ["A gift for two", "More"], listed
    assert second.id in [it.id for it in listed]

    renamed = client.campaign.update(id, name="Story told", status="IN_PROGRESS")
    assert (renamed.status, renamed.name) == ("IN_PROGRESS", "Story told")
    assert client.campaign.retrieve(id).status == "IN_PROGRESS"
    refused(growsurf.NotFoundError, client.campaign.retrieve, "nothing")
    stranger = client.with_options(api_key="prn_nobody00_" + "x" * 43)
    refused(growsurf.PermissionDeniedError, stranger.campaign.list)
    return id


def people(id):
    """Adds people and finds them again; returns a referrer and their friend."""
    add = client.campaign.participant.add
    find = client.campaign.participant.retrieve
    ann = add(id, email="ann+tag@example.com", first_name="Ann", language="fr")
    bob = add(id, email="Bob@Example.com", referred_by=ann.id, metadata={"plan": "pro"})
    assert ann.share_url.endswith("/r/" + ann.id), ann.share_url
    assert bob.referral_status == "CREDIT_PENDING"
    assert (bob.referred_by, bob.referral_source) == (ann.id, "PARTICIPANT")
    assert add(id, email="bob@example.com").id == bob.id
    assert find("bob@example.com", id=id).id == find(bob.id, id=id).id == bob.id
    assert find("ann+tag@example.com", id=id).first_name == "Ann"
    refused(growsurf.NotFoundError, find, "nobody@example.com", id=id)
    refused(growsurf.BadRequestError, add, id, email="foo")

    seen, cursor = [], None
    while True:
        more = {"next_id": cursor} if cursor else {}
        page = client.campaign.list_participants(id, limit=1, **more)
        seen += [it.id for it in page.participants]
        cursor = page.next_id
        if cursor is None:
            break
    assert sorted(seen) == sorted([ann.id, bob.id]), seen
    refused(growsurf.BadRequestError, client.campaign.list_participants, id, limit=101)
    return ann, bob


def money(id, ann, bob):
    """Awards a credit, and records a sale, once each."""
    trigger = client.campaign.participant.trigger_referral
    assert trigger(bob.id, id=id).success is True
    assert trigger(bob.id, id=id).success is False
    assert trigger(ann.id, id=id).success is False
    assert client.campaign.participant.retrieve(ann.id, id=id).referral_count == 1

    earned = client.campaign.participant.list_rewards(ann.id, id=id).rewards
    assert len(earned) == 1 and earned[0].is_referrer, earned
    friends = client.campaign.participant.list_rewards("bob@example.com", id=id).rewards
    assert len(friends) == 1 and not friends[0].is_referrer, friends

    sale = client.campaign.participant.record_transaction
    first = sale(bob.id, id=id, currency="EUR", gross_amount=12_990, order_id="1001")
    assert first.success and not first.duplicate, first
    again = sale(bob.id, id=id, currency="EUR", gross_amount=12_990, order_id="1001")
    assert not again.success and again.duplicate, again
    refused(growsurf.BadRequestError, sale, bob.id, id=id, currency="USD", gross_amount=1, order_id="1002")

    listed = client.campaign.list_referrals(id, sort_by="updatedAt", desc=False)
    assert [it.id for it in listed.referrals] == [bob.id], listed
    assert listed.referrals[0].referral_status == "CREDIT_AWARDED"


def after(id, ann):
    """Approves, gives and takes back rewards, refunds their order, and erases a person."""
    add = client.campaign.participant.add
    client.campaign.options.update(id, body={"requireManualRewardApproval": True})
    cid = add(id, email="cid@example.com", referred_by=ann.id)
    sale = client.campaign.participant.record_transaction
    assert sale(cid.id, id=id, currency="EUR", gross_amount=5_000, order_id="2001").success
    earned = client.campaign.participant.list_rewards(cid.id, id=id).rewards
    assert [it.approved for it in earned] == [False], earned
    reward = client.campaign.reward
    assert reward.approve(earned[0].id, id=id, fulfill=True).success is True
    again = refused(growsurf.APIStatusError, reward.approve, earned[0].id, id=id)
    assert (again["status"], again["code"]) == (406, "INVALID_REWARD_STATE"), again
    refused(growsurf.APIStatusError, reward.fulfill, earned[0].id, id=id)
    refused(growsurf.NotFoundError, reward.delete, "prew_nobody", id=id)
    waiting = [it for it in client.campaign.participant.list_rewards(ann.id, id=id).rewards if not it.approved]
    assert reward.delete(waiting[0].id, id=id).success is True

    refund = client.campaign.participant.refund_transaction
    part = refund(cid.id, id=id, order_id="2001", refund_id="a", refund_amount=1_000, currency="EUR")
    assert (part.success, part.matched, part.adjusted, part.not_found) == (True, 1, 1, None), part
    rest = refund(cid.id, id=id, order_id="2001", amendment_type="CHARGEBACK")
    assert (rest.amendment_type, rest.reversed) == ("CHARGEBACK", 1), rest
    assert refund(cid.id, id=id, order_id="2001", amendment_type="CHARGEBACK").reversed == 0
    assert refund(cid.id, id=id, order_id="2002").not_found is True
    more = {"order_id": "2001", "refund_id": "b", "refund_amount": 1}
    refused(growsurf.ConflictError, refund, cid.id, id=id, **more)

    erase = client.campaign.participant.delete
    assert erase("cid@example.com", id=id).success is True
    refused(growsurf.NotFoundError, erase, "cid@example.com", id=id)
    refused(growsurf.NotFoundError, client.campaign.participant.retrieve, cid.id, id=id)


def emails(id, ann):
    """Changes what people are told, and asks for a message to one of them."""
    text = {"subject": "Yours, {{firstName}}", "isEnabled": False}
    changed = client.campaign.emails.update(id, body={"goalAchieved": text})
    assert {key: changed["goalAchieved"][key] for key in text} == text, changed
    assert client.campaign.emails.retrieve(id) == changed
    broken = {"goalAchieved": {"body": "{{firstNam}}"}}
    wrong = refused(growsurf.BadRequestError, client.campaign.emails.update, id, body=broken)
    assert [it["param"] for it in wrong["errors"]] == ["goalAchieved.body"], wrong
    contact = {"companyName": "Shop", "addressLine1": "1 Sea Road", "city": "Brest", "country": "FR"}
    writes = {"sender": {"fromName": "Shop"}, "contact": contact}
    client.campaign.emails.update(id, body={"settings": writes})
    write = client.campaign.participant.email
    refused(growsurf.BadRequestError, write, ann.id, id=id, email_type="loginLink")
    try:
        sent = write(ann.id, id=id, subject="Hello {{firstName}}", body="<p>Your link: {{shareUrl}}</p>")
        assert (sent.success, sent.status) == (True, "queued"), sent
    except growsurf.BadRequestError as error:
        # The worker of these stories has nobody to hand e-mail to.
        assert "no provider of e-mail" in error.body["message"], error.body


def rest(id, ann):
    """What is not built says so; nothing that the client knows is unknown, and nothing fails."""
    headers = {"authorization": f"Bearer {client.api_key}"}
    for line in REST.split("\n"):
        if not line:
            continue
        method, path = line.split(" ")
        url = str(client.base_url).rstrip("/") + path.format(id=id, p=ann.id)
        body = {} if method in ("POST", "PATCH") else None
        answer = httpx.request(method, url, json=body, headers=headers)
        if answer.status_code == 501:
            assert answer.json()["code"] == "NOT_IMPLEMENTED", (line, answer.text)
            assert answer.headers["x-should-retry"] == "false", line
        else:
            assert answer.status_code < 500 and answer.status_code not in (404, 405), (line, answer.text)


def team():
    """Reads and renames the team; rotates a key of its own, twice with one name."""
    known = client.team.retrieve()
    assert (known.verification_status, known.verification_requested_at) == ("VERIFIED", None), known
    assert client.team.update(name="The Shop").name == "The Shop"
    refused(growsurf.BadRequestError, client.team.update, name="")
    old = client.with_options(api_key=os.environ["GROWSURF_SPARE_KEY"])
    named = {"Idempotency-Key": "rotation-1"}
    made = old.team.rotate_api_key(extra_headers=named)
    again = old.team.rotate_api_key(extra_headers=named)
    assert again.api_key == made.api_key != old.api_key
    refused(growsurf.PermissionDeniedError, old.campaign.list)
    assert client.with_options(api_key=made.api_key).team.retrieve().name == "The Shop"


def main():
    team()
    id = campaign()
    ann, bob = people(id)
    money(id, ann, bob)
    emails(id, ann)
    after(id, ann)
    rest(id, ann)


main()
