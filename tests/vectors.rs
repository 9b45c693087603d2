//! Runs every case of `vectors/vectors.json` on every engine that is compiled in. What the members of a case mean is
//! said in `vectors/README.md`; the same file runs on every host language.
#![cfg(not(target_arch = "wasm32"))]

#[path = "vectors/case.rs"]
mod case;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use case::{Case, Demand, Expect, Kind, Vectors, Verdict, compare};
use scopegate::crypto::{self, Engine};
use scopegate::options::TokenUse;
use scopegate::signature::{SignatureAnswer, SignatureRequest};
use scopegate::{AccessToken, CachingVerifier, Error, ErrorCode, KeySet, Options, Outcome, PublicKey, Requirement};
use scopegate::{ScopeRequirement, Verifier, bearer, verify_signature};
use serde_json::{Map, Value, json};

const VECTORS: &str = include_str!("vectors/vectors.json");
/// Fewer would mean that something was not read or got lost.
const LEAST_CASES: usize = 1000;
/// A verifier asks for keys once, once more for an unknown `kid`, and for a signature.
const MOST_CALLS: usize = 4;
/// When most tokens of the file are valid.
const WARM_MS: u64 = 1_760_000_060_000;

fn key_set<'v>(vectors: &'v Vectors, jwks: &'v Value) -> Result<&'v Value, String> {
    match jwks {
        Value::String(name) => vectors.key_sets.get(name).ok_or_else(|| format!("no key set {name}")),
        inline => Ok(inline),
    }
}

fn options(vectors: &Vectors, case: &Case) -> Result<Result<Options, Error>, String> {
    let mut options = case.options.clone();
    if let Some(jwks) = options.get("jwks").cloned() {
        options.insert("jwks".to_owned(), key_set(vectors, &jwks)?.clone());
    }
    let parsed = Options::from_json(&Value::Object(options).to_string());
    Ok(parsed.map(|options| match case.kind {
        Kind::Id => Options { token_use: Some(TokenUse::Id), ..options },
        _ => options,
    }))
}

fn requirement(demand: &Demand) -> Result<Requirement, Error> {
    let mut requirement = match &demand.scopes {
        Some(scopes) => Requirement::scopes(ScopeRequirement::from_json(&scopes.to_string())?)?,
        None => Requirement::none(),
    };
    if let Some(organization) = &demand.organization {
        requirement = requirement.in_organization(organization);
    }
    if let Some(nonce) = &demand.nonce {
        requirement = requirement.with_nonce(nonce);
    }
    Ok(requirement)
}

/// Why a call gave nothing.
#[derive(Debug, PartialEq)]
enum Stop {
    Refused(Error),
    Fault(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Refused(error)
    }
}

/// Plays the host of the engine that leaves signatures to it: `None` for a key that it does not take.
fn check_signature(token: &str, request: &SignatureRequest) -> Option<bool> {
    let key = PublicKey::from_jwk(&request.jwk).ok()?;
    let (message, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    Some(key.verify(request.algorithm, message.as_bytes(), &signature).is_ok())
}

/// Puts the case to a new verifier by `ask`, and gives it what it wants until it answers.
fn settle<T>(
    case: &Case,
    options: &Result<Options, Error>,
    engine: &'static dyn Engine,
    ask: impl Fn(&Verifier, &Requirement, Option<&SignatureAnswer<'_>>) -> Result<Result<T, Outcome>, Error>,
) -> Result<T, Stop> {
    let verifier = Verifier::with_engine(options.as_ref().map_err(Clone::clone)?, engine)?;
    let requirement = requirement(&case.requirement)?;
    let mut checked: Option<(Box<SignatureRequest>, Option<bool>)> = None;
    for _ in 0..MOST_CALLS {
        let answer = checked.as_ref().map(|(request, valid)| SignatureAnswer {
            key: &request.key,
            algorithm: request.algorithm.name,
            valid: *valid,
        });
        match (ask(&verifier, &requirement, answer.as_ref())?, case.served.as_ref()) {
            (Ok(settled), _) => return Ok(settled),
            // A document that is no key set is refused here, and again as `keys_unavailable` by the next call.
            (Err(Outcome::NeedKeys { fetch: Some(fetch), .. }), Some(Some(document))) => {
                drop(verifier.keys_fetched(fetch, document.as_bytes(), case.now));
            }
            (Err(Outcome::NeedKeys { fetch: Some(fetch), .. }), Some(None)) => verifier.keys_failed(fetch, case.now),
            (Err(Outcome::NeedSignature(request)), _) => {
                let valid = check_signature(&case.token.write(), &request);
                checked = Some((request, valid));
            }
            (Err(other), _) => return Err(Stop::Fault(format!("unexpected {other:?}"))),
        }
    }
    Err(Stop::Fault("the verifier asks again and again".to_owned()))
}

/// What a verifier says that has seen the token before, perhaps with less demanded of it or at a better time: the same.
fn verify_again(
    case: &Case,
    options: &Result<Options, Error>,
    engine: &'static dyn Engine,
) -> Result<Arc<AccessToken>, Stop> {
    let verifier = CachingVerifier::new(Verifier::with_engine(options.as_ref().map_err(Clone::clone)?, engine)?, 4);
    let demand = requirement(&case.requirement)?;
    let less = requirement(&Demand { scopes: None, ..case.requirement.clone() })?;
    let token = case.token.write();
    for now in [WARM_MS, case.now] {
        // Whether it is accepted here does not matter; if it is, it is remembered.
        drop(verifier.verify(&token, &less, now));
    }
    match verifier.verify(&token, &demand, case.now)? {
        Outcome::Accepted(token) => Ok(token),
        other => Err(Stop::Fault(format!("unexpected {other:?}"))),
    }
}

/// `verify` and `explain`, each with a verifier of its own, which must agree; and `verify` once more with a warm cache.
fn verify(vectors: &Vectors, case: &Case, engine: &'static dyn Engine) -> Result<Verdict, String> {
    let options = options(vectors, case)?;
    let token = case.token.write();
    let verified = settle(case, &options, engine, |verifier, requirement, answer| {
        Ok(match verifier.verify_answered(&token, requirement, case.now, answer)? {
            Outcome::Accepted(token) => Ok(token),
            wish => Err(wish),
        })
    });
    let explained = settle(case, &options, engine, |verifier, requirement, answer| {
        verifier.explain_answered(&token, requirement, case.now, answer)
    });
    if case.served.is_none() && engine.name() != crypto::Host.name() {
        let again = verify_again(case, &options, engine);
        if again != verified {
            return Err(format!("verify says {verified:?}, and with a warm cache {again:?}"));
        }
    }

    let verdict = match verified {
        Ok(token) => Ok(summary(&token)?),
        Err(Stop::Refused(error)) => Err(error),
        Err(Stop::Fault(fault)) => return Err(format!("verify: {fault}")),
    };
    let explained = match explained {
        Ok(report) => report.error().cloned(),
        Err(Stop::Refused(error)) => Some(error),
        Err(Stop::Fault(fault)) => return Err(format!("explain: {fault}")),
    };
    if verdict.as_ref().err() != explained.as_ref() {
        return Err(format!("verify says {:?}, explain says {explained:?}", verdict.err()));
    }
    Ok(verdict)
}

fn verify_jws(vectors: &Vectors, case: &Case) -> Result<Verdict, String> {
    let document = key_set(vectors, &case.jwks)?.to_string();
    let algorithms: Option<Vec<&str>> =
        case.algorithms.as_ref().map(|names| names.iter().map(String::as_str).collect());
    let verified = KeySet::from_json(document.as_bytes())
        .and_then(|keys| verify_signature(&case.token.write(), &keys, algorithms.as_deref()));
    Ok(match verified {
        Ok(jws) => {
            let header: Value = serde_json::from_str(&jws.header).map_err(|error| error.to_string())?;
            Ok(members([("payload", URL_SAFE_NO_PAD.encode(&jws.payload).into()), ("header", header)]))
        }
        Err(error) => Err(error),
    })
}

fn take_bearer(case: &Case) -> Verdict {
    bearer::token(case.authorization.as_deref()).map(|token| members([("token", token.into())]))
}

/// What is known of an accepted token, by the names that the vectors have for it.
fn summary(token: &AccessToken) -> Result<Map<String, Value>, String> {
    Ok(members([
        ("subject", token.subject().into()),
        ("clientId", token.client_id().into()),
        ("isMachine", token.is_machine().into()),
        ("scopes", token.scopes().into()),
        ("organizationId", token.organization_id().into()),
        ("actor", json(token.actor().unwrap_or("null"))?),
        ("issuer", token.issuer().into()),
        ("audience", token.audience().into()),
        ("expiresAt", json!(token.expires_at())),
        ("issuedAt", json!(token.issued_at())),
        ("tokenId", token.token_id().into()),
        ("claims", json(token.claims_json())?),
    ]))
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[test]
fn every_case_has_its_verdict() {
    let vectors: Vectors = serde_json::from_str(VECTORS).expect("vectors.json is as README.md says");
    assert_eq!(vectors.format, 1);
    let mut failures = Vec::new();
    let mut run = 0;
    for (index, engine) in crypto::ENGINES.iter().enumerate() {
        for case in &vectors.cases {
            let verdict = match case.kind {
                Kind::Access | Kind::Id => verify(&vectors, case, *engine),
                // These know the default engine only.
                Kind::Jws | Kind::Bearer if index > 0 => continue,
                Kind::Jws => verify_jws(&vectors, case),
                Kind::Bearer => Ok(take_bearer(case)),
            };
            if let Err(fault) = verdict.and_then(|verdict| compare(&vectors, &case.expect, &verdict)) {
                failures.push(format!("{} ({}): {fault}", case.id, engine.name()));
            }
            run += 1;
        }
    }
    assert!(failures.is_empty(), "{} of {run} cases fail:\n{}", failures.len(), failures.join("\n"));
    assert!(run >= LEAST_CASES && vectors.cases.len() >= LEAST_CASES, "only {run} cases");
}

/// A code that no case leads to would be tested nowhere across hosts; `internal` cannot be caused from outside.
#[test]
fn every_code_is_covered() {
    let vectors: Vectors = serde_json::from_str(VECTORS).expect("vectors.json is as README.md says");
    for code in ErrorCode::all().filter(|code| *code != ErrorCode::Internal) {
        let covered = vectors
            .cases
            .iter()
            .any(|case| matches!(&case.expect, Expect::Refused { code: expected, .. } if expected == code.as_str()));
        assert!(covered, "no case expects {code}");
    }
    assert_eq!(vectors.codes.len(), ErrorCode::all().count());
}
