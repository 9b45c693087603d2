//! The surface of the module without signatures, as JavaScript calls it: the shared vector file's tokens are read, and what
//! a verifier refuses for its form or its purpose is refused here with the same code.
#![cfg(all(target_arch = "wasm32", feature = "claims"))]

use scopegate::wasm_claims::{decode_unverified, evaluate_scopes, token_kind};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

const VECTORS: &str = include_str!("vectors/vectors.json");

/// Refusals that need neither key nor clock nor configuration beyond audience and organization, with the kind that
/// such a token looks like.
const BY_FORM: [(&str, &[&str]); 6] = [
    ("token_malformed", &["unknown"]),
    ("token_opaque", &["opaque"]),
    ("token_personal", &["personal"]),
    ("token_subject", &["subject"]),
    ("token_encrypted", &["encrypted"]),
    ("token_type_mismatch", &["id", "jwt", "logout"]),
];

fn code_of(answer: &str) -> String {
    let error = answer.strip_prefix('E').map(|error| serde_json::from_str::<Value>(error).expect("an error"));
    error.map_or_else(|| "accepted".to_owned(), |error| error["code"].as_str().unwrap_or_default().to_owned())
}

/// The cases about access tokens of one resource, spelled out: their token, and what is expected of it.
fn cases() -> Vec<(String, String, Option<String>, String)> {
    let file: Value = serde_json::from_str(VECTORS).expect("the vector file");
    let cases = file["cases"].as_array().expect("cases").iter().filter_map(|case| {
        let organization = case["requirement"]["organization"].as_str().map(str::to_owned);
        let model = case["options"]["permissionModel"].as_str().unwrap_or("resource");
        let plain = case["kind"] == "access" && (model == "resource" || model == "organization-resource");
        let typ = case["options"].get("typ").is_none();
        let (token, audience) = (case["token"].as_str()?, case["options"]["audience"].as_str()?);
        let code = case["expect"]["code"].as_str().unwrap_or("accepted");
        (plain && typ).then(|| (token.to_owned(), audience.to_owned(), organization, code.to_owned()))
    });
    cases.collect()
}

#[wasm_bindgen_test]
fn what_a_verifier_accepts_can_be_read() {
    let mut ran = 0;
    for (token, audience, organization, code) in cases() {
        if code == "accepted" {
            let answer = decode_unverified(&token, Some(audience), organization);
            assert_eq!(code_of(&answer), "accepted", "{answer}");
            assert_eq!(token_kind(&token), "access");
            ran += 1;
        }
    }
    assert!(ran >= 20, "only {ran} cases ran");
}

#[wasm_bindgen_test]
fn what_a_verifier_refuses_for_its_form_is_refused_with_the_same_code() {
    let mut ran = 0;
    for (token, audience, organization, code) in cases() {
        if let Some((_, kinds)) = BY_FORM.iter().find(|(name, _)| *name == code) {
            assert_eq!(code_of(&decode_unverified(&token, Some(audience), organization)), code);
            let kind = token_kind(&token);
            // A malformed member of the header of an access token makes it no token of any kind.
            assert!(kinds.contains(&kind.as_str()), "{code} {kind}");
            ran += 1;
        }
    }
    assert!(ran >= 20, "only {ran} cases ran");
}

#[wasm_bindgen_test]
fn organizations_are_told_apart_as_a_verifier_does() {
    let mut ran = 0;
    for (token, audience, organization, code) in cases() {
        if code.starts_with("organization_") || code == "audience_mismatch" {
            assert_eq!(code_of(&decode_unverified(&token, Some(audience), organization)), code);
            ran += 1;
        }
    }
    assert!(ran >= 10, "only {ran} cases ran");
}

#[wasm_bindgen_test]
fn scopes_are_evaluated() {
    assert_eq!(evaluate_scopes(r#"["a","b"]"#, "b c", "{}"), r#"A["a"]"#);
    assert_eq!(evaluate_scopes(r#""a""#, "admin", r#"{"admin":["a"]}"#), "A[]");
    assert_eq!(code_of(&evaluate_scopes("[]", "a", "{}")), "config_invalid");
}
