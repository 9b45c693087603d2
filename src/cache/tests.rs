//! No sequence of events lets a remembered token pass that a full verification would refuse.

use proptest::prelude::*;

use super::*;
use crate::options::Options;

/// A token of a throw-away tenant for https://api.yourapp.com, with its key set; issued at 1795329154 s.
const SAMPLES: &str = include_str!("../../tests/vectors/sources/logto.json");
const ISSUED: u64 = 1_795_329_154_000;
const EXPIRES: u64 = 2_110_689_154_000;

struct Sample {
    token: String,
    both: String,
    other: String,
}

fn sample() -> Sample {
    let samples: serde_json::Value = serde_json::from_str(SAMPLES).expect("samples");
    let both = &samples["jwks"]["jwks-2-rsa-ec.json"];
    let other = serde_json::json!({ "keys": [both["keys"][0]] });
    Sample {
        token: samples["tokens"][0]["token"].as_str().expect("a token").to_owned(),
        both: both.to_string(),
        other: other.to_string(),
    }
}

fn verifier(more: &str) -> Verifier {
    let options = format!(
        r#"{{"issuer":"http://127.0.0.1:3001/oidc","audience":"https://api.yourapp.com","impliedScopes":{{"read:posts":["list:posts"]}}{more}}}"#
    );
    Options::from_json(&options).and_then(|options| Verifier::new(&options)).expect("a verifier")
}

fn load(verifier: &Verifier, document: &str, now: u64) {
    if let Ok(Some(Outcome::NeedKeys { fetch: Some(fetch), .. })) = verifier.preload(now) {
        verifier.keys_fetched(fetch, document.as_bytes(), now).expect("a key set");
    }
}

/// What can happen between two looks at a token.
#[derive(Clone, Debug)]
enum Event {
    Verify(usize),
    Later(u64),
    Earlier(u64),
    ToExpiry(i64),
    Rotate,
    RotateBack,
    Outage,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0usize..5).prop_map(Event::Verify),
        2 => (0u64..2_000_000).prop_map(Event::Later),
        1 => (0u64..200_000_000_000).prop_map(Event::Later),
        1 => (0u64..2_000_000).prop_map(Event::Earlier),
        1 => (-7_000i64..7_000).prop_map(Event::ToExpiry),
        1 => Just(Event::Rotate),
        1 => Just(Event::RotateBack),
        1 => Just(Event::Outage),
    ]
}

fn requirements() -> Vec<Requirement> {
    vec![
        Requirement::none(),
        Requirement::scopes("read:posts").expect("a requirement"),
        Requirement::scopes("list:posts").expect("a requirement"),
        Requirement::scopes("write:posts").expect("a requirement"),
        Requirement::none().in_organization("acme"),
    ]
}

/// The same verdict, but for which fetch is asked for.
fn verdict(outcome: Result<Outcome, Error>) -> String {
    match outcome {
        Ok(Outcome::Accepted(token)) => format!("accepted {}", token.subject()),
        Ok(Outcome::NeedKeys { wait, .. }) => format!("keys, wait: {wait}"),
        Ok(Outcome::NeedSignature(_)) => "signature".to_owned(),
        Err(error) => error.code().to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_hit_is_what_a_full_verification_says(
        events in prop::collection::vec(event(), 1..24),
        max_age in prop::option::of(60u64..100_000),
    ) {
        let sample = sample();
        let more = max_age.map_or(String::new(), |age| format!(r#","maxTokenAge":{age}"#));
        let (caching, plain) = (CachingVerifier::new(verifier(&more), 4), verifier(&more));
        let mut now = ISSUED;
        let mut document = Some(&sample.both);
        for event in events {
            match event {
                Event::Verify(which) => {
                    let requirement = &requirements()[which];
                    // Both hosts do as they are told until there is a verdict.
                    for _ in 0..4 {
                        let cached = caching.verify(&sample.token, requirement, now);
                        let full = plain.verify(&sample.token, requirement, now);
                        prop_assert_eq!(verdict(cached.clone()), verdict(full.clone()));
                        let (Ok(Outcome::NeedKeys { fetch: one, .. }), Ok(Outcome::NeedKeys { fetch: two, .. })) = (cached, full) else { break };
                        for (verifier, fetch) in [(caching.verifier(), one), (&plain, two)] {
                            match (fetch, document) {
                                (Some(fetch), Some(document)) => {
                                    let _ = verifier.keys_fetched(fetch, document.as_bytes(), now);
                                }
                                (Some(fetch), None) => verifier.keys_failed(fetch, now),
                                (None, _) => {}
                            }
                        }
                    }
                }
                Event::Later(ms) => now += ms,
                Event::Earlier(ms) => now = now.saturating_sub(ms),
                Event::ToExpiry(ms) => now = EXPIRES.saturating_add_signed(ms),
                Event::Rotate => document = Some(&sample.other),
                Event::RotateBack => document = Some(&sample.both),
                Event::Outage => document = None,
            }
        }
    }
}

#[test]
fn a_key_that_left_ends_the_memory_at_once() {
    let sample = sample();
    let caching = CachingVerifier::new(verifier(r#","keyRefresh":{"ttl":60}"#), 10);
    load(caching.verifier(), &sample.both, ISSUED);
    let none = Requirement::none();
    assert_eq!(verdict(caching.verify(&sample.token, &none, ISSUED)), "accepted 9nbm4sj1a6s1z3tg8f5k6");
    assert_eq!(caching.len(), 1);
    let later = ISSUED + 61_000;
    load(caching.verifier(), &sample.other, later);
    assert_eq!(verdict(caching.verify(&sample.token, &none, later)), "keys, wait: true");
}

#[test]
fn memory_is_bounded_and_the_least_recently_used_goes() {
    let sample = sample();
    let caching = CachingVerifier::new(verifier(""), 2);
    load(caching.verifier(), &sample.both, ISSUED);
    let none = Requirement::none();
    let outcome = caching.verifier().verify(&sample.token, &none, ISSUED);
    let Ok(Outcome::Accepted(token)) = outcome else { panic!("{outcome:?}") };
    for text in ["a", "b"] {
        caching.find(text);
        caching.remember(text, &token);
    }
    assert!(caching.find("a").is_some());
    caching.remember("c", &token);
    assert_eq!(caching.len(), 2);
    assert!(caching.find("b").is_none() && caching.find("a").is_some() && caching.find("c").is_some());
}

#[test]
fn refusals_are_not_remembered() {
    let sample = sample();
    let caching = CachingVerifier::new(verifier(""), 10);
    load(caching.verifier(), &sample.both, ISSUED);
    let lacking = Requirement::scopes("delete:posts").expect("a requirement");
    assert_eq!(verdict(caching.verify(&sample.token, &lacking, ISSUED)), "scope_insufficient");
    let expired = EXPIRES + 5_000;
    load(caching.verifier(), &sample.both, expired);
    assert_eq!(verdict(caching.verify(&sample.token, &Requirement::none(), expired)), "token_expired");
    assert_eq!(caching.len(), 0);
}
