//! A key set as an issuer may answer it, then a token (after a byte 0xFF, which no JSON text contains): no panic, every
//! host that performs the fetches it is asked for gets a verdict, and one document brings one generation.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scopegate::{KeySet, Options, Outcome, PublicKey, Requirement, Verifier, keys, verify_signature};

const OPTIONS: &str = r#"{"endpoint":"http://127.0.0.1:3001","audience":"https://api.yourapp.com",
    "algorithms":["ES384","RS256","ES256","ES512","PS256","RS384","RS512","PS384","PS512","EdDSA"]}"#;
const NOW_MS: u64 = 1_795_329_200_000;
const TTL_MS: u64 = 600_000;

/// Calls until there is a verdict, answering every fetch with the same document.
fn judge(verifier: &Verifier, token: &str, document: &[u8], now: u64) {
    for _ in 0..4 {
        match verifier.verify(token, &Requirement::none(), now) {
            Ok(Outcome::NeedKeys { fetch: Some(id), .. }) => {
                let _ = verifier.keys_fetched(id, document, now);
            }
            Ok(Outcome::NeedKeys { fetch: None, .. }) => panic!("nobody else fetches"),
            _ => return,
        }
    }
    panic!("no verdict after four rounds");
}

fuzz_target!(|data: &[u8]| {
    let (document, token) = match data.iter().position(|&byte| byte == 0xff) {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &b"eyJhbGciOiJFUzM4NCIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImEifQ.e30.AAAA"[..]),
    };
    let token = String::from_utf8_lossy(token);

    let verifier = Verifier::new(&Options::from_json(OPTIONS).expect("options")).expect("a verifier");
    judge(&verifier, &token, document, NOW_MS);
    if let Ok(set) = KeySet::from_json(document) {
        assert!(set.keys().len() + set.rejected().len() <= keys::MAX_KEYS);
        assert!(set.keys().all(|key| key.thumbprint().len() == 43 && !key.description().is_empty()));
        let _ = verify_signature(&token, &set, None);
    }
    if let Ok(text) = std::str::from_utf8(document) {
        let _ = PublicKey::from_jwk(text);
    }

    // A second, third … answer with the same document changes nothing.
    let _ = verifier.restore_keys(document, NOW_MS, NOW_MS);
    if let Ok(Some(Outcome::NeedKeys { fetch: Some(id), .. })) = verifier.preload(NOW_MS + TTL_MS) {
        if let Ok(changed) = verifier.keys_fetched(id, document, NOW_MS + TTL_MS) {
            assert!(!changed.changed || changed.generation == 1, "the same document counts as another set");
        }
    }
    judge(&verifier, &token, document, NOW_MS + 2 * TTL_MS);
});
