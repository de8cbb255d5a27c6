//! Test vectors of the W3C's Web Authentication, Level 3, section 16: "ES256 Credential with No
//! Attestation" and "ES256 Credential with Self Attestation"; and what is wrong with changed ones.

use super::*;

const SITE: Site<'static> = Site { origin: "https://example.org", host: "example.org" };

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().map(|it| u8::try_from(it.to_digit(16).unwrap()).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// One of the specification's vectors, in hexadecimal digits.
struct Vector {
    private: &'static str,
    id: &'static str,
    created_challenge: &'static str,
    created_client: &'static str,
    attestation: &'static str,
    challenge: &'static str,
    data: &'static str,
    client: &'static str,
    signature: &'static str,
}

const NONE: Vector = Vector {
    private: "6e68e7a58484a3264f66b77f5d6dc5bc36a47085b615c9727ab334e8c369c2ee",
    id: "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4",
    created_challenge: "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130",
    created_client: "\
        7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a22414d4d507434\
        557878475453746e63647134313759447742466938767049612d7077386f4f755657345441222c226f72696769\
        6e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c\
        22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077\
        697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320\
        746869733a20426b5165446a646354427258426941774a544c453551227d",
    attestation: "\
        a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9\
        c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4\
        c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d\
        23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c1\
        2cc68ed73290af2e2664796b9220",
    challenge: "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408",
    data: "\
        bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000",
    client: "\
        7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e5568515875\
        6c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a\
        2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d",
    signature: "\
        3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b\
        93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87",
};

const SELF: Vector = Vector {
    private: "b4bbfa5d68e1693b6ef5a19a0e60ef7ee2cbcac81f7fec7006ac3a21e0c5116a",
    id: "455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c",
    created_challenge: "7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5",
    created_client: "\
        7b2274797065223a22776562617574686e2e637265617465222c226368616c6c656e6765223a2265476e437433\
        4c55745936366b336a506a796e6962506b31716e666644616966715a774c33417032392d55222c226f72696769\
        6e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c\
        22657874726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077\
        697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320\
        746869733a205539685458764b453255526b4d6e625f307859485667227d",
    attestation: "\
        a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005d\
        bf378097c92120031581c73228d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d1\
        7fe3f220272178f473b6006d68617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd4\
        6592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef34e2043a87db3d4afeb\
        39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af\
        450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d58\
        96e183fee484f2",
    challenge: "4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b",
    data: "\
        bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000",
    client: "\
        7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a225248696843784e534e\
        493352594d45314f7731476d3132786e726b634a5f6666707637546e2d4a71386773222c226f726967696e223a\
        2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73652c226578\
        74726144617461223a22636c69656e74446174614a534f4e206d617920626520657874656e6465642077697468\
        206164646974696f6e616c206669656c647320696e20746865206675747572652c207375636820617320746869\
        733a206754623533727a36456853576f6d58477a696d433151227d",
    signature: "\
        304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b31\
        6061b3b99772b7efd95994a83ef584b3b6b825ea3550251b66",
};

/// The authenticator's data of an attestation object: its last 164 bytes, as CBOR's head says.
fn data(attestation: &str) -> Vec<u8> {
    let bytes = hex(attestation);
    let start = bytes.windows(10).position(|it| it == b"hauthDataX").unwrap() + 11;
    assert_eq!(usize::from(bytes[start - 1]), bytes.len() - start);
    bytes[start..].to_vec()
}

/// The same data with the flag that the person was verified.
fn verified(mut data: Vec<u8>) -> Vec<u8> {
    data[32] |= VERIFIED;
    data
}

#[test]
fn r_passkey_2_the_vectors_of_the_specification_hold() {
    for it in [&NONE, &SELF] {
        let client = hex(it.created_client);
        let answered = challenge(SITE, Ceremony::Create, &client).unwrap();
        assert_eq!(decoded(&answered).unwrap(), hex(it.created_challenge));
        let made = made(SITE, &verified(data(it.attestation))).unwrap();
        assert_eq!((made.id.clone(), made.counter), (hex(it.id), 0));

        let (sent, client, sign) = (hex(it.data), hex(it.client), hex(it.signature));
        let answered = challenge(SITE, Ceremony::Get, &client).unwrap();
        assert_eq!(decoded(&answered).unwrap(), hex(it.challenge));
        let its = Signed { data: &sent, client: &client, signature: &sign };
        assert_eq!(signature(&made.point, its), Ok(()));
        let expected = if sent[32] & VERIFIED == 0 { Err(Flaw::Person) } else { Ok(0) };
        assert_eq!(signed(SITE, &made.point, 0, its), expected);
        // One bit of anything.
        let other = [&client[..], b" "].concat();
        assert_eq!(signature(&made.point, Signed { client: &other, ..its }), Err(Flaw::Signature));
        for place in 0..sign.len() {
            let mut wrong = sign.clone();
            wrong[place] ^= 1;
            let changed = Signed { signature: &wrong, ..its };
            assert_eq!(signature(&made.point, changed), Err(Flaw::Signature), "{place}");
            let cut = Signed { signature: &sign[..place], ..its };
            assert_eq!(signature(&made.point, cut), Err(Flaw::Signature), "{place}");
        }
    }
}

#[test]
fn r_passkey_2_another_site_ceremony_or_an_absent_person_is_refused() {
    let client = hex(NONE.client);
    let other = Site { origin: "https://evil.example", host: "evil.example" };
    assert_eq!(challenge(other, Ceremony::Get, &client), Err(Flaw::Site));
    assert_eq!(challenge(SITE, Ceremony::Create, &client), Err(Flaw::Client));
    assert_eq!(challenge(SITE, Ceremony::Get, b"{}"), Err(Flaw::Client));
    let framed = br#"{"type":"webauthn.get","challenge":"a","origin":"https://example.org","crossOrigin":true}"#;
    assert_eq!(challenge(SITE, Ceremony::Get, framed), Err(Flaw::Site));

    let good = verified(data(NONE.attestation));
    assert_eq!(made(other, &good), Err(Flaw::Site));
    assert_eq!(made(SITE, &data(NONE.attestation)), Err(Flaw::Person));
    for (place, expected) in [(32, Flaw::Person), (0, Flaw::Site), (90, Flaw::Key)] {
        let mut wrong = good.clone();
        wrong[place] = 0;
        assert_eq!(made(SITE, &wrong), Err(expected), "{place}");
    }
    let mut bare = good.clone();
    bare[32] &= !ATTESTED;
    assert_eq!(made(SITE, &bare), Err(Flaw::Data));
    for length in 0..good.len() {
        assert!(made(SITE, &good[..length]).is_err(), "{length}");
    }
    // A point beside the curve.
    let mut wrong = good.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(made(SITE, &wrong), Err(Flaw::Key));
}

#[test]
fn r_passkey_3_a_counter_that_does_not_go_on_is_refused() {
    use p256::ecdsa::{SigningKey, signature::Signer};

    let key = SigningKey::from_slice(&hex(NONE.private)).unwrap();
    let point = made(SITE, &verified(data(NONE.attestation))).unwrap().point;
    let client = hex(NONE.client);
    let check = |counter: u32, known: u32| {
        let mut sent = verified(hex(NONE.data));
        sent[33..37].copy_from_slice(&counter.to_be_bytes());
        let message = [&sent[..], &Sha256::digest(&client)].concat();
        let signature: Signature = key.sign(&message);
        let (r, s) = signature.split_bytes();
        let number = |it: &[u8]| {
            let start = it.iter().position(|it| *it != 0).unwrap();
            let digits = &it[start..];
            let zero: &[u8] = if 0x80 <= digits[0] { &[0] } else { &[] };
            let length = u8::try_from(zero.len() + digits.len()).unwrap();
            [&[2, length], zero, digits].concat()
        };
        let numbers = [number(&r), number(&s)].concat();
        let der = [vec![0x30, u8::try_from(numbers.len()).unwrap()], numbers].concat();
        signed(SITE, &point, known, Signed { data: &sent, client: &client, signature: &der })
    };
    assert_eq!(check(1, 0), Ok(1));
    assert_eq!(check(7, 6), Ok(7));
    assert_eq!(check(0, 0), Ok(0));
    for (counter, known) in [(6, 6), (5, 6), (0, 6)] {
        assert_eq!(check(counter, known), Err(Flaw::Counter), "{counter} {known}");
    }
}
