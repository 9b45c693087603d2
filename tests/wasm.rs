//! The wasm-bindgen surface inside a real WebAssembly host: the shared vector file through `Core`, as JavaScript calls it.
#![cfg(all(target_arch = "wasm32", feature = "wasm"))]

use scopegate::wasm::{Core, bearer_token, challenge, verify_signature};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

const VECTORS: &str = include_str!("vectors/vectors.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).expect("the vector file")
}

/// The value, or the key set that it names.
fn key_set<'v>(vectors: &'v Value, value: &'v Value) -> &'v Value {
    value.as_str().map_or(value, |name| &vectors["keySets"][name])
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        spelled => {
            spelled["repeat"].as_str().unwrap_or_default().repeat(spelled["times"].as_u64().unwrap_or(0) as usize)
        }
    }
}

/// The id of a compiled requirement.
fn requirement(core: &mut Core, scopes: &str) -> Result<u32, String> {
    let answer = core.requirement(scopes);
    answer.strip_prefix('A').and_then(|id| id.parse().ok()).ok_or(answer.clone())
}

fn core(options: &Value) -> Result<Core, String> {
    let core = Core::new(&options.to_string());
    let answer = core.jwks_uri();
    if answer.starts_with('E') { Err(answer) } else { Ok(core) }
}

/// Does as a host does: performs the fetches that are asked for, until there is a verdict.
fn judge(case: &Value, vectors: &Value) -> Result<String, String> {
    let mut options = case["options"].clone();
    if let Some(jwks) = case["options"].get("jwks") {
        options["jwks"] = key_set(vectors, jwks).clone();
    }
    if case["kind"] == "id" {
        options["tokenUse"] = json!("id");
    }
    let mut core = core(&options)?;
    let scopes = case["requirement"].get("scopes").map_or("null".to_owned(), Value::to_string);
    let id = requirement(&mut core, &scopes)?;
    let extra = if case["kind"] == "id" { "nonce" } else { "organization" };
    let extra = case["requirement"].get(extra).and_then(Value::as_str).map(str::to_owned);
    let (token, now) = (text_of(&case["token"]), case["now"].as_f64().expect("now"));
    for _ in 0..4 {
        let mut answer = core.verify(&token, id, extra.clone(), now, false);
        if let Some(question) = answer.strip_prefix('S') {
            // A build without engine: this host knows the answer from the file.
            let question: Value = serde_json::from_str(question).expect("a question");
            #[cfg(not(feature = "kernels"))]
            core.signature_checked(
                text_of(&question["key"]),
                text_of(&question["algorithm"]),
                Some(expected(case) != "signature_invalid"),
            );
            answer = core.verify(&token, id, extra.clone(), now, false);
        }
        let Some(need) = answer.strip_prefix('N') else {
            // What was just accepted is still accepted, and only under the same circumstances.
            if let Some(slot) = core.remember().filter(|_| answer.starts_with('A') && case["kind"] == "access") {
                assert!(core.still_accepts(slot, id, extra.clone(), now));
                assert!(!core.still_accepts(slot, id, Some("another".to_owned()), now));
                core.forget(slot);
                assert!(!core.still_accepts(slot, id, extra.clone(), now));
            }
            return Ok(answer);
        };
        let need: Value = serde_json::from_str(need).expect("a need");
        if let Some(fetch) = need["fetch"].as_f64() {
            match case["served"].as_str() {
                Some(document) => drop(core.keys_fetched(fetch, document.as_bytes(), now)),
                None => core.keys_failed(fetch, now),
            }
        }
    }
    Err("no verdict".to_owned())
}

fn code_of(answer: &str) -> String {
    match answer.strip_prefix('E') {
        Some(error) => {
            serde_json::from_str::<Value>(error).expect("an error")["code"].as_str().unwrap_or("").to_owned()
        }
        None => "accepted".to_owned(),
    }
}

fn expected(case: &Value) -> &str {
    case["expect"]["code"].as_str().unwrap_or("accepted")
}

#[wasm_bindgen_test]
fn tokens_get_the_codes_of_the_vector_file() {
    let vectors = vectors();
    let mut ran = 0;
    for case in vectors["cases"].as_array().expect("cases") {
        if case["kind"] == "access" || case["kind"] == "id" {
            let answer = judge(case, &vectors).unwrap_or_else(|thrown| thrown);
            assert_eq!(code_of(&answer), expected(case), "{}", case["id"]);
            ran += 1;
        }
    }
    assert!(ran >= 120, "only {ran} cases ran");
}

#[wasm_bindgen_test]
fn signatures_and_headers_get_the_codes_of_the_vector_file() {
    let vectors = vectors();
    let mut ran = 0;
    for case in vectors["cases"].as_array().expect("cases") {
        let answer = match case["kind"].as_str() {
            Some("jws") => {
                let jwks = key_set(&vectors, &case["jwks"]).to_string();
                let jwks: Value = serde_json::from_str(&jwks).expect("a key set");
                let mut asked =
                    json!({ "token": text_of(&case["token"]), "jwks": jwks, "algorithms": case["algorithms"] });
                let answer = verify_signature(&asked.to_string());
                match answer.strip_prefix('S').map(serde_json::from_str::<Value>) {
                    Some(question) => {
                        let question = question.expect("a question");
                        asked["key"] = question["key"].clone();
                        asked["algorithm"] = question["algorithm"].clone();
                        asked["valid"] = json!(expected(case) != "signature_invalid");
                        verify_signature(&asked.to_string())
                    }
                    None => answer,
                }
            }
            Some("bearer") => bearer_token(case["authorization"].as_str().map(str::to_owned)),
            _ => continue,
        };
        assert_eq!(code_of(&answer), expected(case), "{}", case["id"]);
        ran += 1;
    }
    assert!(ran >= 40, "only {ran} cases ran");
}

#[wasm_bindgen_test]
fn reports_come_in_place_of_verdicts() {
    let mut core = core(&json!({ "endpoint": "https://t.logto.app", "audience": "a" })).expect("a core");
    let id = requirement(&mut core, "null").expect("a requirement");
    let report = core.verify("a.b.c", id, None, 0.0, true);
    let report: Value = serde_json::from_str(report.strip_prefix('R').expect("a report")).expect("JSON");
    assert_eq!((&report["code"], &report["steps"][1]["status"]), (&json!("token_malformed"), &json!("fail")));
    assert_eq!(core.remember(), None);
}

#[wasm_bindgen_test]
fn a_clock_without_time_refuses() {
    let options = json!({ "endpoint": "https://t.logto.app", "audience": "https://api.yourapp.com" });
    let mut core = core(&options).expect("a core");
    let id = requirement(&mut core, "null").expect("a requirement");
    for now in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(code_of(&core.verify("a.b.c", id, None, now, false)), "internal");
    }
    assert_eq!(code_of(&core.verify("a.b.c", id + 1, None, 0.0, false)), "internal");
}

#[wasm_bindgen_test]
fn options_that_json_cannot_carry_are_refused() {
    let mut options = json!({ "endpoint": "https://t.logto.app", "audience": "https://api.yourapp.com" });
    assert!(core(&options).is_ok());
    // What JSON.stringify makes of NaN.
    options["clockTolerance"] = Value::Null;
    let thrown = core(&options).err().unwrap_or_default();
    assert_eq!(code_of(&thrown), "config_invalid");
}

#[wasm_bindgen_test]
fn challenges_are_made_from_wire_errors() {
    let header = challenge(r#"{"code":"scope_insufficient","missing":["write:posts"],"realm":"blog"}"#);
    assert!(header.starts_with("Bearer realm=\"blog\", error=\"insufficient_scope\""), "{header}");
    assert!(header.ends_with("scope=\"write:posts\""), "{header}");
    assert_eq!(challenge(r#"{"code":"keys_unavailable"}"#), "");
}
