//! Every Wycheproof vector of the JWS algorithms, through the bare signature step, on every engine that checks
//! signatures itself.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scopegate::crypto::{ENGINES, Engine};
use scopegate::{Algorithm, PublicKey};
use serde_json::{Value, json};
use wycheproof::{HashFunction, Mgf, TestResult, ecdsa, eddsa, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

/// What happened to the vectors.
#[derive(Debug, Default, PartialEq)]
struct Count {
    valid: usize,
    invalid: usize,
    /// "Acceptable" to Wycheproof: legacy encodings, all of which are refused.
    acceptable: usize,
}

/// Runs `test` on each engine, all of which must come to `expected`.
fn on_every_engine(expected: &Count, test: impl Fn(&dyn Engine, &mut Count)) {
    let engines = ENGINES.iter().filter(|engine| engine.name() != "host");
    let mut ran = 0;
    for engine in engines {
        let mut count = Count::default();
        test(*engine, &mut count);
        assert_eq!(&count, expected, "{}", engine.name());
        ran += 1;
    }
    assert!(ran > 0, "no engine");
}

struct Vector<'v> {
    message: &'v [u8],
    signature: &'v [u8],
    result: TestResult,
    label: String,
}

fn judge(engine: &dyn Engine, jwk: &Value, algorithm: &str, vector: &Vector<'_>, count: &mut Count) {
    let key = PublicKey::from_jwk_with(&jwk.to_string(), engine).expect("a key");
    let algorithm = Algorithm::from_name(algorithm).expect("an algorithm");
    let holds = key.verify(algorithm, vector.message, vector.signature).is_ok();
    let Vector { result, label, .. } = vector;
    assert_eq!(holds, *result == TestResult::Valid, "{}: {} {label}", engine.name(), algorithm.name);
    *match result {
        TestResult::Valid => &mut count.valid,
        TestResult::Invalid => &mut count.invalid,
        TestResult::Acceptable => &mut count.acceptable,
    } += 1;
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An RSA key; a modulus is printed with a zero in front where its first bit is set.
fn rsa(n: &[u8], e: &[u8]) -> Value {
    let [n, e] = [n, e].map(|number| {
        let first = number.iter().position(|&byte| byte != 0).unwrap_or(number.len());
        encoded(&number[first..])
    });
    json!({ "kty": "RSA", "n": n, "e": e })
}

/// The JWS name of an RSA algorithm with this hash, if it has one.
fn rsa_name(prefix: &str, hash: HashFunction) -> Option<(String, usize)> {
    let bits = match hash {
        HashFunction::Sha2_256 => 256,
        HashFunction::Sha2_384 => 384,
        HashFunction::Sha2_512 => 512,
        _ => return None,
    };
    Some((format!("{prefix}{bits}"), bits / 8))
}

#[test]
fn ecdsa() {
    let sets = [
        (ecdsa::TestName::EcdsaSecp256r1Sha256P1363, "P-256", "ES256"),
        (ecdsa::TestName::EcdsaSecp384r1Sha384P1363, "P-384", "ES384"),
        (ecdsa::TestName::EcdsaSecp521r1Sha512P1363, "P-521", "ES512"),
    ];
    on_every_engine(&Count { valid: 597, invalid: 263, acceptable: 0 }, |engine, count| {
        for (name, curve, algorithm) in sets {
            for group in ecdsa::TestSet::load(name).expect("vectors").test_groups {
                let point = &group.key.key[1..];
                let (x, y) = point.split_at(point.len() / 2);
                let jwk = json!({ "kty": "EC", "crv": curve, "x": encoded(x), "y": encoded(y) });
                for test in &group.tests {
                    let label = format!("{}: {}", test.tc_id, test.comment);
                    let vector = Vector { message: &test.msg, signature: &test.sig, result: test.result, label };
                    judge(engine, &jwk, algorithm, &vector, count);
                }
            }
        }
    });
}

#[test]
fn ed25519() {
    on_every_engine(&Count { valid: 88, invalid: 63, acceptable: 0 }, |engine, count| {
        for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("vectors").test_groups {
            let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(&group.key.pk) });
            for test in &group.tests {
                let label = format!("{}: {}", test.tc_id, test.comment);
                let vector = Vector { message: &test.msg, signature: &test.sig, result: test.result, label };
                judge(engine, &jwk, "EdDSA", &vector, count);
            }
        }
    });
}

#[test]
fn rsa_pkcs1() {
    on_every_engine(&Count { valid: 89, invalid: 3005, acceptable: 12 }, |engine, count| {
        for name in pkcs1::TestName::all() {
            for group in pkcs1::TestSet::load(name).expect("vectors").test_groups {
                let Some((algorithm, _)) = rsa_name("RS", group.hash) else { continue };
                let jwk = rsa(&group.key.n, &group.key.e);
                for test in &group.tests {
                    let label = format!("{name:?} {}: {}", test.tc_id, test.comment);
                    let vector = Vector { message: &test.msg, signature: &test.sig, result: test.result, label };
                    judge(engine, &jwk, &algorithm, &vector, count);
                }
            }
        }
    });
}

#[test]
fn rsa_pss() {
    on_every_engine(&Count { valid: 775, invalid: 411, acceptable: 0 }, |engine, count| {
        for name in pss::TestName::all() {
            for group in pss::TestSet::load(name).expect("vectors").test_groups {
                let Some((algorithm, size)) = rsa_name("PS", group.hash) else { continue };
                // RFC 7518 §3.5: MGF1 over the same hash, and a salt as long as the hash.
                if group.mgf != Mgf::Mgf1 || group.mgf_hash != Some(group.hash) || group.salt_size != size {
                    continue;
                }
                let jwk = rsa(&group.key.n, &group.key.e);
                for test in &group.tests {
                    let label = format!("{name:?} {}: {}", test.tc_id, test.comment);
                    let vector = Vector { message: &test.msg, signature: &test.sig, result: test.result, label };
                    judge(engine, &jwk, &algorithm, &vector, count);
                }
            }
        }
    });
}
