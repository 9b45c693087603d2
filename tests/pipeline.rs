//! The pipeline as a whole: what wins when several things are wrong, what a report shows, and what nothing ever shows.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use std::collections::HashSet;
use std::thread;

use scopegate::report::{Step, StepStatus};
use scopegate::{Error, Outcome, Requirement, Verifier};
use serde_json::{Value, json};
use support::{NOW, NOW_S, Signer, changed, code, explain, fixed, judge, valid_claims};

/// A way to spoil a token, in the order of the pipeline.
struct Flaw {
    code: &'static str,
    step: Step,
    header: Value,
    claims: Value,
    tampered: bool,
}

fn flaws() -> Vec<Flaw> {
    let flaw = |code, step, header, claims| Flaw { code, step, header, claims, tampered: false };
    let header = |code, step, header| flaw(code, step, header, json!({}));
    let claims = |code, step, claims| flaw(code, step, json!({}), claims);
    vec![
        header("token_type_mismatch", Step::Type, json!({"typ": "JWT"})),
        header("algorithm_not_allowed", Step::Algorithm, json!({"alg": "HS256"})),
        header("critical_header_unsupported", Step::Critical, json!({"crit": ["exp"]})),
        header("key_not_found", Step::Key, json!({"kid": "unknown"})),
        Flaw { tampered: true, ..claims("signature_invalid", Step::Signature, json!({})) },
        claims("issuer_mismatch", Step::Issuer, json!({"iss": "https://other.logto.app/oidc"})),
        claims("audience_mismatch", Step::Audience, json!({"aud": "https://api.yourapp.com/"})),
        claims("claim_invalid", Step::Subject, json!({"sub": 7})),
        claims("client_not_allowed", Step::Client, json!({"client_id": "other"})),
        claims("token_expired", Step::Time, json!({"exp": NOW_S - 5})),
        claims("confirmation_unsupported", Step::Confirmation, json!({"cnf": {"jkt": "x"}})),
        claims("actor_not_allowed", Step::Actor, json!({"act": {"sub": "somebody"}})),
        claims("organization_unexpected", Step::Organization, json!({"organization_id": "acme"})),
        claims("scope_insufficient", Step::Scope, json!({"scope": "other:things"})),
    ]
}

fn spoiled(flaws: &[&Flaw]) -> String {
    let merged = |part: fn(&Flaw) -> &Value| flaws.iter().fold(json!({}), |all, flaw| changed(all, part(flaw)));
    let token = Signer::new(1).token_with(&merged(|flaw| &flaw.header), &merged(|flaw| &flaw.claims));
    if !flaws.iter().any(|flaw| flaw.tampered) {
        return token;
    }
    // The signature of another token by the same key.
    let other = Signer::new(1).token(&json!({}));
    let (signed, signature) = (token.rsplit_once('.').expect("dots").0, other.rsplit_once('.').expect("dots").1);
    format!("{signed}.{signature}")
}

fn strict() -> (Verifier, Requirement) {
    let verifier = fixed(&json!({"clientIds": ["app"], "actor": "forbid"}));
    (verifier, Requirement::scopes("read:posts").expect("a requirement"))
}

#[test]
fn the_first_thing_that_is_wrong_wins() {
    let (verifier, requirement) = strict();
    let flaws = flaws();
    assert_eq!(judge(&verifier, &spoiled(&[]), &requirement), "accepted");
    for (index, first) in flaws.iter().enumerate() {
        assert_eq!(judge(&verifier, &spoiled(&[first]), &requirement), first.code);
        for second in flaws.iter().skip(index + 1) {
            let token = spoiled(&[second, first]);
            assert_eq!(judge(&verifier, &token, &requirement), first.code, "with {}", second.code);
        }
    }
}

#[test]
fn limits_come_before_the_structure_and_the_signature_before_the_payload() {
    let (verifier, none) = (fixed(&json!({})), Requirement::none());
    let signer = Signer::new(1);
    let header = signer.header().to_string();
    assert_eq!(judge(&verifier, &"!".repeat(16_384), &none), "token_malformed");
    assert_eq!(judge(&verifier, &"!".repeat(16_385), &none), "token_too_large");
    for payload in ["", "[]", "{", "{\"a\":1,\"a\":2}", "\u{0}"] {
        let token = signer.sign(&header, payload);
        assert_eq!(judge(&verifier, &token, &none), "token_malformed");
        let stranger = Signer::new(3).sign(&header, payload);
        assert_eq!(judge(&verifier, &stranger, &none), "signature_invalid");
    }
}

#[test]
fn times_are_checked_from_the_most_to_the_least_likely() {
    let (verifier, none) = (fixed(&json!({"maxTokenAge": 30})), Requirement::none());
    let judged = |times: Value| judge(&verifier, &Signer::new(1).token_with(&json!({}), &times), &none);
    let (past, future) = (NOW_S - 100, NOW_S + 100);
    assert_eq!(judged(json!({"exp": past, "nbf": future, "iat": future})), "token_expired");
    assert_eq!(judged(json!({"nbf": future, "iat": future})), "token_not_yet_valid");
    assert_eq!(judged(json!({"iat": future})), "token_issued_in_future");
    assert_eq!(judged(json!({"iat": past})), "token_too_old");
    assert_eq!(judged(json!({"iat": null})), "claim_missing");
    assert_eq!(judged(json!({"iat": NOW_S})), "accepted");
    // The tolerance of five seconds, to the second.
    assert_eq!(judged(json!({"iat": NOW_S, "exp": NOW_S - 4})), "accepted");
    assert_eq!(judged(json!({"iat": NOW_S + 5, "nbf": NOW_S + 5})), "accepted");
    assert_eq!(judged(json!({"iat": NOW_S - 35})), "accepted");
    assert_eq!(judged(json!({"iat": NOW_S + 6})), "token_issued_in_future");
    assert_eq!(judged(json!({"iat": NOW_S - 36})), "token_too_old");
}

#[test]
fn a_requirement_that_does_not_fit_the_model_is_a_mistake_of_the_caller() {
    let none = Requirement::none();
    let acme = || Requirement::none().in_organization("acme");
    for (model, requirement) in [
        ("resource", acme()),
        ("organization-resource", none.clone()),
        ("organization-resource", none.clone().in_organization("")),
        ("resource", none.clone().with_nonce("n")),
    ] {
        let verifier = fixed(&json!({"permissionModel": model}));
        assert_eq!(judge(&verifier, "not a token", &requirement), "config_invalid", "{model}");
    }
    let verifier = fixed(&json!({"permissionModel": "organization", "audience": null}));
    assert_eq!(judge(&verifier, "not a token", &none), "config_invalid");
    assert_eq!(judge(&verifier, "not a token", &acme()), "token_malformed");
}

#[test]
fn a_report_has_every_step_once_and_in_order() {
    let (verifier, requirement) = strict();
    let flaws = flaws();
    let reports = [explain(&verifier, "", &requirement), explain(&verifier, &spoiled(&[]), &requirement)];
    let spoiled_one_by_one = flaws.iter().map(|flaw| explain(&verifier, &spoiled(&[flaw]), &requirement));
    for report in reports.into_iter().chain(spoiled_one_by_one) {
        let steps: Vec<String> = report.steps.iter().map(|row| format!("{:?}", row.step)).collect();
        assert_eq!(
            steps.join(" "),
            "Length Structure Header Type Algorithm Critical Key Signature Payload Issuer Audience Subject Client Time \
             Confirmation Actor Organization Scope"
        );
    }
}

#[test]
fn a_report_shows_what_each_step_saw() {
    let (verifier, requirement) = strict();
    let token = spoiled(&[]);
    let report = explain(&verifier, &token, &requirement);
    assert!(report.steps.iter().all(|row| row.status == StepStatus::Pass && row.error.is_none()));
    let seen = |step| report.steps.iter().find(|row| row.step == step).and_then(|row| row.seen.clone());
    assert_eq!(seen(Step::Key).as_deref(), Some("OKP Ed25519 (kid key-1)"));
    assert_eq!(seen(Step::Scope).as_deref(), Some("read:posts write:posts"));
    assert_eq!(seen(Step::Time), Some(format!("exp: {} (in 3600 s)", NOW_S + 3_600)));
    let wire: Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!((&wire["verdict"], &wire["code"]), (&json!("accepted"), &json!(null)));
    assert_eq!(wire["header"], Signer::new(1).header());
    let claims: Value = serde_json::from_str(wire["claims"].as_str().expect("text")).expect("JSON");
    assert_eq!(claims, valid_claims());
}

#[test]
fn a_report_goes_on_after_a_failure() {
    let (verifier, requirement) = strict();
    let flaws = flaws();
    for flaw in &flaws {
        let report = explain(&verifier, &spoiled(&[flaw]), &requirement);
        let failed: Vec<_> = report.steps.iter().filter(|row| row.status == StepStatus::Fail).collect();
        let [row] = failed.as_slice() else { panic!("{}: {failed:?}", flaw.code) };
        assert_eq!((row.step, row.error.as_ref().map(|error| error.code().as_str())), (flaw.step, Some(flaw.code)));
        assert!(row.error.as_ref().is_some_and(|error| !error.hint().is_empty()));
        let not_reached: Vec<Step> =
            report.steps.iter().filter(|row| row.status == StepStatus::NotReached).map(|row| row.step).collect();
        let expected: &[Step] = match flaw.step {
            Step::Algorithm => &[Step::Key, Step::Signature],
            Step::Key => &[Step::Signature],
            _ => &[],
        };
        assert_eq!(not_reached, expected, "{}", flaw.code);
    }
    // Everything is wrong at once, and everything is said.
    let report = explain(&verifier, &spoiled(&flaws.iter().collect::<Vec<_>>()), &requirement);
    assert_eq!(report.steps.iter().filter(|row| row.status == StepStatus::Fail).count(), flaws.len() - 2);
    assert_eq!(report.error().map(|error| error.code().as_str()), Some("token_type_mismatch"));
}

#[test]
fn what_could_not_be_read_is_not_judged() {
    let (verifier, none) = (fixed(&json!({})), Requirement::none());
    let payload = valid_claims().to_string();
    for header in ["", "7", "[]", "{\"alg\":1}", "{\"alg\":\"EdDSA\",\"alg\":\"EdDSA\"}"] {
        let report = explain(&verifier, &Signer::new(1).sign(header, &payload), &none);
        let reached: Vec<_> =
            report.steps.iter().filter(|row| row.status != StepStatus::NotReached).map(|row| row.step).collect();
        assert_eq!(
            reached.get(..4),
            Some(&[Step::Length, Step::Structure, Step::Header, Step::Payload][..]),
            "{header}"
        );
        let wire: Value = serde_json::from_str(&report.to_json()).expect("JSON");
        assert_eq!((&wire["code"], &wire["header"]), (&json!("token_malformed"), &Value::Null), "{header}");
    }
    for (token, reached) in [("x".repeat(20_000), 1), ("opaque".to_owned(), 2)] {
        let report = explain(&verifier, &token, &none);
        assert_eq!(report.steps.iter().filter(|row| row.status != StepStatus::NotReached).count(), reached);
    }
}

#[test]
fn explain_asks_for_keys_as_verify_does() {
    let (verifier, none) = (support::verifier(&json!({})), Requirement::none());
    let token = spoiled(&[]);
    let Ok(Err(Outcome::NeedKeys { wait: true, fetch: Some(fetch) })) = verifier.explain(&token, &none, NOW) else {
        panic!("no keys asked for")
    };
    verifier.keys_failed(fetch, NOW);
    assert_eq!(judge(&verifier, &token, &none), "keys_unavailable");
    let report = explain(&verifier, &token, &none);
    assert_eq!(report.error().and_then(|error| error.retry_after()), Some(1));
    // The claims are shown all the same: an operator wants to know whether the outage is all that is wrong.
    assert!(report.steps.iter().any(|row| row.step == Step::Scope && row.status == StepStatus::Pass));
}

/// Every text that a refusal may leave behind in a log.
fn texts(error: &Error) -> [String; 3] {
    [error.to_string(), format!("{error:?}"), error.to_json()]
}

#[test]
fn nothing_that_is_said_contains_the_token() {
    let (verifier, requirement) = strict();
    let all = flaws();
    let mut tokens: Vec<String> = all.iter().map(|flaw| spoiled(&[flaw])).collect();
    tokens.push(spoiled(&all.iter().collect::<Vec<_>>()));
    tokens.push(spoiled(&[]));
    tokens.extend(
        ["ITvTj5KASB0BGYcsPZKI5VpMcJKnLyt0jV4Wa7tuRGW", "pat_0123456789abcdefghijklmnopqrstuv"].map(String::from),
    );
    tokens.extend(["sub_0123456789abcdefghijk", "eyJhbGciOiJkaXIifQ..AAAAAAAAAAAAAAAA.BBBB.CCCC"].map(String::from));
    tokens.push("secret ".repeat(4_000));
    tokens.push(format!("Bearer {}", spoiled(&[])));
    for token in tokens {
        let secrets: Vec<&str> = token.split(['.', ' ']).filter(|part| part.len() >= 6 && *part != "Bearer").collect();
        let mut said = vec![explain(&verifier, &token, &requirement).to_json()];
        let judged = verifier.verify(&token, &requirement, NOW);
        said.push(format!("{judged:?}"));
        said.extend(judged.err().iter().flat_map(texts));
        said.extend(scopegate::bearer::token(Some(&format!("Bearer {token} x"))).err().iter().flat_map(texts));
        for text in said {
            assert!(!secrets.iter().any(|secret| text.contains(secret)), "a token in: {text}");
        }
    }
}

#[test]
fn values_of_a_hostile_token_are_cut_short() {
    let verifier = fixed(&json!({}));
    let long = "é".repeat(3_000);
    for claims in [json!({"iss": long}), json!({"aud": long}), json!({"organization_id": long})] {
        let token = Signer::new(1).token_with(&json!({}), &claims);
        let error = verifier.verify(&token, &Requirement::none(), NOW).expect_err("a refusal");
        assert_eq!(error.actual_value().map(|actual| actual.chars().count()), Some(201));
    }
}

#[test]
fn threads_share_a_verifier_and_one_fetch() {
    let verifier = support::verifier(&json!({}));
    let token = spoiled(&[]);
    let none = Requirement::none();
    let asked: Vec<Option<u64>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| match verifier.verify(&token, &none, NOW) {
                    Ok(Outcome::NeedKeys { wait: true, fetch }) => fetch,
                    other => panic!("{other:?}"),
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(asked.iter().flatten().collect::<Vec<_>>(), [&1]);
    let one = Signer::new(1);
    let (with, without) = (support::jwks(&[&one, &Signer::new(2)]), support::jwks(&[&Signer::new(2), &one]));
    verifier.keys_fetched(1, &with, NOW).expect("a key set");
    // Refreshes in between change nothing for those who verify.
    let seen: HashSet<&str> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| (0..50).map(|_| code(&verifier.verify(&token, &none, NOW))).collect::<Vec<_>>()))
            .collect();
        for round in 1..50 {
            let document = if round % 2 == 0 { &with } else { &without };
            verifier.restore_keys(document, NOW - 500 + round, NOW).expect("a key set");
        }
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(seen, HashSet::from(["accepted"]));
}
