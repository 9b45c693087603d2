//! Examples of the RFCs: keys, thumbprints, signatures, challenges.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scopegate::challenge::Challenge;
use scopegate::{Algorithm, ErrorCode, KeySet, PublicKey, Requirement, bearer, verify_signature};
use serde_json::{Value, json};
use support::{Signer, fixed};

/// The JOSE examples of RFC 7515, 7520 and 8037 (and mutations of them), one JSON object a line.
const JOSE: &str = include_str!("vectors/sources/rfc.jsonl");
/// Key sets of a running Logto, whose `kid`s are thumbprints.
const LOGTO: &str = include_str!("vectors/sources/logto.json");

#[test]
fn the_bare_signature_step_takes_the_examples_and_nothing_near_them() {
    let mut examples = 0;
    for line in JOSE.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let (Some(token), Some(keys)) = (case["token"].as_str(), case["jwks"]["keys"].as_array()) else { continue };
        let parts: Vec<&str> = token.split('.').collect();
        let ([jwk], [header, payload, signature]) = (keys.as_slice(), parts.as_slice()) else { continue };
        if (&case["kind"], &case["expect"]) != (&json!("jws"), &json!("accept")) {
            continue;
        }
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
        let parsed: Value = serde_json::from_slice(&decode(header)).expect("JSON");
        let name = parsed["alg"].as_str().expect("alg");
        let algorithm = Algorithm::from_name(name).expect("an algorithm");
        let key = PublicKey::from_jwk(&jwk.to_string()).expect("a key");
        let (message, mut signature) = (format!("{header}.{payload}"), decode(signature));
        assert_eq!(key.verify(algorithm, message.as_bytes(), &signature), Ok(()), "{}", case["id"]);
        let set = KeySet::from_json(json!({ "keys": keys }).to_string().as_bytes()).expect("a key set");
        let verified = verify_signature(token, &set, Some(&[name])).expect("a signature that holds");
        assert_eq!(verified.payload, decode(payload));

        // One bit of the message, one of the signature, one byte more, one byte less, none at all.
        let mut other = message.clone().into_bytes();
        other[0] ^= 1;
        assert!(key.verify(algorithm, &other, &signature).is_err());
        for byte in [0, signature.len() / 2, signature.len() - 1] {
            signature[byte] ^= 1;
            assert!(key.verify(algorithm, message.as_bytes(), &signature).is_err(), "{} byte {byte}", case["id"]);
            signature[byte] ^= 1;
        }
        for wrong in [&signature[1..], &signature[..signature.len() - 1], &[], &[&signature[..], &[0]].concat()] {
            assert!(key.verify(algorithm, message.as_bytes(), wrong).is_err(), "{}", case["id"]);
        }
        for other in scopegate::algorithm::ALGORITHMS.iter().filter(|other| other.name != name) {
            assert!(key.verify(other, message.as_bytes(), &signature).is_err(), "{} as {other}", case["id"]);
        }
        examples += 1;
    }
    assert!(examples >= 8, "only {examples} examples were found");
}

#[test]
fn thumbprints_are_those_of_rfc_7638_and_of_logto() {
    // RFC 7638 §3.1.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3\
             oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA\
             ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-\
             kEgU8awapJzKnqDKgw";
    let jwk = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    let key = PublicKey::from_jwk(&jwk.to_string()).expect("a key");
    assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!((key.kid(), key.description().as_str()), (Some("2011-04-29"), "RSA 2048 bits"));
    // RFC 8037 appendix A.3.
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let key = PublicKey::from_jwk(jwk).expect("a key");
    assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");

    let samples: Value = serde_json::from_str(LOGTO).expect("JSON");
    let sets = samples["jwks"].as_object().expect("key sets");
    for jwk in sets.values().flat_map(|set| set["keys"].as_array().expect("keys")) {
        let key = PublicKey::from_jwk(&jwk.to_string()).expect("a key");
        assert_eq!(key.kid(), Some(key.thumbprint()));
    }
    assert_eq!(sets.len(), 2);
}

fn challenge(code: ErrorCode, challenge: &Challenge) -> String {
    challenge.header(&code.into()).expect("a challenge")
}

#[test]
fn challenges_are_those_of_rfc_6750_and_rfc_9728() {
    let realm = Challenge { realm: Some("example".into()), ..Challenge::default() };
    // RFC 6750 §3: no authentication information at all, then an expired token (descriptions are ours).
    assert_eq!(challenge(ErrorCode::TokenMissing, &realm), r#"Bearer realm="example""#);
    assert_eq!(
        challenge(ErrorCode::TokenExpired, &realm),
        r#"Bearer realm="example", error="invalid_token", error_description="the token has expired""#
    );
    // RFC 9728 §5.1.
    let url = "https://resource.example.com/.well-known/oauth-protected-resource";
    let metadata = Challenge { resource_metadata: Some(url.into()), ..Challenge::default() };
    assert_eq!(challenge(ErrorCode::TokenMissing, &metadata), format!(r#"Bearer resource_metadata="{url}""#));
}

/// RFC 6750 §3.1: the status that goes with each error, and what the header's parameters may consist of (§3).
#[test]
fn every_code_makes_a_valid_challenge_or_none() {
    let all = Challenge {
        realm: Some("a \"realm\" \\ é\r\n".into()),
        resource_metadata: Some("https://a/\"".into()),
        scopes: vec!["read:posts".into(), "a\"b".into(), "읽기".into()],
    };
    for code in ErrorCode::all() {
        let Some(header) = all.header(&code.into()) else {
            assert!(matches!(code.status(), None | Some(500..)), "{code}");
            continue;
        };
        assert_eq!(
            code.status(),
            match code.oauth_error() {
                Some("invalid_request") => Some(400),
                Some("insufficient_scope") => Some(403),
                Some("invalid_token") | None => Some(401),
                other => panic!("{other:?}"),
            }
        );
        assert!(header.starts_with(r#"Bearer realm="a \"realm\" \\ ""#), "{header}");
        assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{header}");
        assert_eq!(header.contains("error="), code.oauth_error().is_some(), "{header}");
        assert!(!code.message().contains(['"', '\\']), "{code}");
        if code != ErrorCode::ScopeInsufficient {
            assert!(header.contains(r#"scope="read:posts""#), "{header}");
        }
    }
}

#[test]
fn a_scope_that_lacks_is_named_in_the_challenge() {
    let verifier = fixed(&json!({}));
    let requirement = Requirement::scopes(["read:posts", "delete:posts", "관리"]).expect("a requirement");
    let token = Signer::new(1).token_with(&json!({}), &json!({}));
    let error = verifier.verify(&token, &requirement, support::NOW).expect_err("a refusal");
    assert_eq!(error.missing(), ["delete:posts", "관리"]);
    let header = Challenge::default().header(&error).expect("a challenge");
    assert_eq!(
        header,
        "Bearer error=\"insufficient_scope\", error_description=\"the token lacks a required scope\", scope=\"delete:posts\""
    );
}

#[test]
fn credentials_are_read_as_rfc_6750_writes_them() {
    // §2.1.
    assert_eq!(bearer::token(Some("Bearer mF_9.B5f-4.1JqM")), Ok("mF_9.B5f-4.1JqM"));
    // RFC 9449 §7.1: a DPoP-bound token is not for this scheme.
    assert_eq!(bearer::token(Some("DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp")), Err(ErrorCode::TokenMissing.into()));
}
