//! No input panics, and `explain` always agrees with `verify`: arbitrary text, and valid tokens, key sets and options
//! with something in them replaced. `PROPTEST_CASES=100000 cargo test --test no_panic` looks further; `fuzz/` furthest.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::string::string_regex;
use scopegate::challenge::Challenge;
use scopegate::{
    KeySet, Options, Outcome, PublicKey, Requirement, ScopeRequirement, Verifier, bearer, verify_signature,
};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use support::{API, ISSUER, NOW, NOW_S, Signer, base64url, fixed, judge, jwks, valid_claims};

static VERIFIERS: LazyLock<Vec<(Verifier, Requirement)>> = LazyLock::new(|| {
    let scopes = || Requirement::scopes("read:posts").expect("a requirement");
    let id = Options::from_json(
        &json!({
            "issuer": ISSUER, "tokenUse": "id", "clientId": "app", "algorithms": ["EdDSA"],
            "jwks": {"keys": [Signer::new(1).jwk()]},
        })
        .to_string(),
    );
    vec![
        (fixed(&json!({"impliedScopes": {"all": ["read:posts"]}})), scopes()),
        (fixed(&json!({"typ": null, "maxTokenAge": 600, "actor": "forbid", "maxTokenLength": 1_048_576})), scopes()),
        (fixed(&json!({"permissionModel": "organization-resource"})), scopes().in_organization("acme")),
        (
            fixed(&json!({"permissionModel": "organization", "audience": null})),
            Requirement::none().in_organization("acme"),
        ),
        (Verifier::new(&id.expect("options")).expect("a verifier"), Requirement::none().with_nonce("n")),
    ]
});

fn judge_everywhere(token: &str) {
    for (verifier, requirement) in VERIFIERS.iter() {
        judge(verifier, token, requirement);
        let report = support::explain(verifier, token, requirement);
        // `header` is shown as it stands, and 1e400 is JSON although `Value` cannot hold it.
        let text = report.to_json();
        let wire: BTreeMap<&str, &RawValue> = serde_json::from_str(&text).expect("a report is JSON");
        assert!(wire.len() == 6 && report.steps.len() == 18);
    }
    let set = KeySet::from_json(&jwks(&[&Signer::new(1), &Signer::new(2)])).expect("a key set");
    let _ = verify_signature(token, &set, Some(&["EdDSA"]));
    if let Err(error) = bearer::token(Some(token)) {
        let _ = Challenge::default().header(&error);
    }
}

/// Names and texts that mean something to somebody, among others.
fn word() -> impl Strategy<Value = String> {
    let known = [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "client_id",
        "scope",
        "organization_id",
        "azp",
        "nonce",
        "act",
        "cnf",
        "alg",
        "typ",
        "kid",
        "crit",
        "b64",
        "jwk",
        "jku",
        "x5c",
        "keys",
        "kty",
        "crv",
        "use",
        "key_ops",
        "n",
        "e",
        "x",
        "y",
        "EC",
        "RSA",
        "OKP",
        "oct",
        "sig",
        "verify",
        "P-384",
        "Ed25519",
        "EdDSA",
        "ES384",
        "none",
        "HS256",
        "JWT",
        "at+jwt",
        "application/at+jwt",
        "app",
        "key-1",
        "acme",
        ISSUER,
        API,
        "urn:logto:organization:acme",
        "__proto__",
        "urn:logto:organization:",
        "urn:logto:resource:organizations",
        "constructor",
        "AQAB",
        "",
        " ",
        "\0",
        "é",
        "a\nb",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = Value> {
    let times = (-10_000i64..10_000).prop_map(|off| json!(NOW_S.saturating_add_signed(off)));
    prop_oneof![
        times,
        any::<i64>().prop_map(|n| json!(n)),
        any::<u64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n))
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        3 => number(),
        6 => word().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((word(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A document with a few members replaced, and with some violence done to its text.
fn mutated(base: Value) -> impl Strategy<Value = String> {
    let replaced = prop::collection::vec((word(), value()), 0..3).prop_map(move |changes| {
        let mut document = base.clone();
        if let Some(members) = document.as_object_mut() {
            members.extend(changes);
        }
        document.to_string()
    });
    let nested = |open: &str, close: &str, levels: usize| {
        format!("{{\"deep\":{}1{}}}", open.repeat(levels), close.repeat(levels))
    };
    let violent = prop_oneof![
        8 => Just(String::new()),
        1 => Just("\"exp\":1e400,".to_owned()),
        1 => Just("\"exp\":-1e400,\"nbf\":1e-400,".to_owned()),
        1 => (1..400usize).prop_map(|digits| format!("\"iat\":{},", "9".repeat(digits))),
        1 => Just("\"sub\":\"a\",\"s\\u0075b\":\"b\",".to_owned()),
        1 => Just("\"kid\":\"\\ud800\",".to_owned()),
        1 => Just("\"x\":{\"a\":1,\"\\u0061\":2},".to_owned()),
    ];
    prop_oneof![
        12 => (replaced, violent).prop_map(|(text, inserted)| match text.strip_prefix('{') {
            Some(rest) if !inserted.is_empty() => format!("{{{inserted}{rest}").replace(",}", "}"),
            _ => text,
        }),
        1 => value().prop_map(|value| value.to_string()),
        1 => any::<String>(),
        1 => (0..5_000usize).prop_map(move |levels| nested("[", "]", levels)),
        1 => (0..1_000usize).prop_map(move |levels| nested("{\"a\":", "}", levels)),
    ]
}

fn is_refused_alike(text: &str, now: u64) {
    let verifier = support::verifier(&json!({}));
    let none = Requirement::none();
    for _ in 0..4 {
        match verifier.verify(text, &none, now) {
            Ok(Outcome::NeedKeys { fetch: Some(fetch), .. }) => {
                let _ = verifier.keys_fetched(fetch, text.as_bytes(), now);
            }
            _ => return,
        }
    }
    panic!("no verdict");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_as_a_token(text in prop_oneof![
        any::<String>(),
        string_regex("[A-Za-z0-9_.=-]{0,80}").expect("a pattern"),
        string_regex("(Bearer |pat_|sub_)?[A-Za-z0-9_-]{0,50}(\\.[A-Za-z0-9_-]{0,50}){0,5}").expect("a pattern"),
    ], now in any::<u64>()) {
        judge_everywhere(&text);
        is_refused_alike(&text, now);
    }

    #[test]
    fn a_signed_token_with_something_replaced(
        header in mutated(Signer::new(1).header()),
        payload in mutated(valid_claims()),
        intact_header in prop::bool::weighted(0.7),
        now in prop_oneof![Just(NOW), any::<u64>()],
    ) {
        let signer = Signer::new(1);
        let header = if intact_header { signer.header().to_string() } else { header };
        let token = signer.sign(header, payload);
        judge_everywhere(&token);
        for (verifier, requirement) in VERIFIERS.iter() {
            let _ = verifier.verify(&token, requirement, now);
        }
    }

    #[test]
    fn a_token_with_bytes_replaced(position in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..4)) {
        let mut token = Signer::new(1).token(&valid_claims()).into_bytes();
        let at = position.index(token.len());
        token.splice(at..(at + bytes.len()).min(token.len()), bytes);
        judge_everywhere(&String::from_utf8_lossy(&token));
    }

    #[test]
    fn any_three_segments(parts in prop::array::uniform3(prop::collection::vec(any::<u8>(), 0..60))) {
        judge_everywhere(&parts.map(base64url).join("."));
    }

    #[test]
    fn any_key_set(
        keys in prop::collection::vec(mutated(Signer::new(1).jwk()), 0..4),
        whole in mutated(json!({"keys": []})),
        wrap in prop::bool::weighted(0.8),
        cut in any::<prop::sample::Index>(),
    ) {
        let document = if wrap { format!("{{\"keys\":[{}]}}", keys.join(",")) } else { whole };
        let token = Signer::new(1).token(&valid_claims());
        let mut cut_short = document.clone().into_bytes();
        cut_short.truncate(cut.index(document.len() + 1));
        for bytes in [document.as_bytes(), &cut_short] {
            if let Ok(set) = KeySet::from_json(bytes) {
                prop_assert!(set.keys().all(|key| key.thumbprint().len() == 43));
                let _ = verify_signature(&token, &set, Some(&["EdDSA"]));
            }
            let verifier = support::verifier(&json!({}));
            let _ = verifier.restore_keys(bytes, NOW, NOW);
            if let Ok(Outcome::NeedKeys { fetch: Some(fetch), .. }) = verifier.verify(&token, &Requirement::none(), NOW) {
                let _ = verifier.keys_fetched(fetch, bytes, NOW);
            }
            let verdict = verifier.verify(&token, &Requirement::none(), NOW);
            prop_assert!(!matches!(verdict, Ok(Outcome::NeedKeys { .. })), "no verdict after the fetch");
        }
        let _ = keys.iter().map(|key| PublicKey::from_jwk(key)).filter(Result::is_ok).count();
    }

    #[test]
    fn any_options(text in mutated(json!({"issuer": ISSUER, "audience": API})), extra in value()) {
        for text in [text, extra.to_string(), json!({"endpoint": extra, "audience": API}).to_string()] {
            if let Ok(verifier) = Options::from_json(&text).and_then(|options| Verifier::new(&options)) {
                let _ = verifier.verify("a.b.c", &Requirement::none(), NOW);
            }
            if let Ok(scopes) = ScopeRequirement::from_json(&text) {
                let _ = Requirement::scopes(scopes);
            }
        }
    }
}

#[test]
fn the_largest_and_the_deepest_inputs_are_judged_quickly() {
    let signer = Signer::new(1);
    let header = signer.header().to_string();
    let started = std::time::Instant::now();
    for payload in [
        format!("{{\"a\":{}", "[".repeat(700_000)),
        format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000)),
        format!("{{{}\"z\":0}}", (0..60_000).map(|n| format!("\"{n}\":0,")).collect::<String>()),
        format!("{{\"exp\":{}}}", "9".repeat(700_000)),
        format!("{{\"iss\":\"{}\"}}", "\\u00e9".repeat(100_000)),
        " ".repeat(700_000),
    ] {
        judge(&VERIFIERS[1].0, &signer.sign(&header, payload), &VERIFIERS[1].1);
    }
    let keys = format!("{{\"keys\":[{}]}}", "[".repeat(500_000));
    assert!(KeySet::from_json(keys.as_bytes()).is_err());
    let many = format!("{{\"keys\":[{}0]}}", "0,".repeat(250_000));
    assert!(KeySet::from_json(many.as_bytes()).is_err());
    assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
}
