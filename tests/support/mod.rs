//! What the Rust tests share: a signer, valid claims, and verifiers.
#![allow(dead_code, clippy::expect_used, clippy::panic)] // Each test file uses a part of it; all of it is for tests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use scopegate::{Error, Options, Outcome, Report, Requirement, Verifier};
use serde_json::{Value, json};

/// The time of most tests, in milliseconds.
pub const NOW: u64 = 1_760_000_000_000;
/// The same in seconds.
pub const NOW_S: u64 = NOW / 1000;
/// The issuer of all tokens.
pub const ISSUER: &str = "https://tenant.logto.app/oidc";
/// The API that they are for.
pub const API: &str = "https://api.yourapp.com";

/// Encodes as JOSE does.
pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An Ed25519 key with a `kid`.
pub struct Signer {
    key: SigningKey,
    /// The key's id.
    pub kid: String,
}

impl Signer {
    /// The key number `seed`; its `kid` is `key-<seed>`.
    pub fn new(seed: u8) -> Self {
        Self { key: SigningKey::from_bytes(&[seed; 32]), kid: format!("key-{seed}") }
    }

    /// The public JWK.
    pub fn jwk(&self) -> Value {
        let x = base64url(self.key.verifying_key().as_bytes());
        json!({"kty": "OKP", "crv": "Ed25519", "kid": self.kid, "use": "sig", "alg": "EdDSA", "x": x})
    }

    /// The header of an access token.
    pub fn header(&self) -> Value {
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid})
    }

    /// Signs whatever the two parts are.
    pub fn sign(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        let input = format!("{}.{}", base64url(header), base64url(payload));
        let signature = base64url(self.key.sign(input.as_bytes()).to_bytes());
        format!("{input}.{signature}")
    }

    /// An access token with these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.sign(self.header().to_string(), claims.to_string())
    }

    /// A valid access token with some members of header and claims set otherwise; `null` takes one out.
    pub fn token_with(&self, header: &Value, claims: &Value) -> String {
        let header = changed(self.header(), header);
        self.sign(header.to_string(), changed(valid_claims(), claims).to_string())
    }
}

/// `base` with the members of `changes`; `null` takes a member out.
pub fn changed(mut base: Value, changes: &Value) -> Value {
    let members = base.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("an object") {
        match value {
            Value::Null => members.remove(name),
            value => members.insert(name.clone(), value.clone()),
        };
    }
    base
}

/// Claims with which nothing is wrong at [`NOW`].
pub fn valid_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": API, "sub": "user", "client_id": "app", "jti": "1",
        "iat": NOW_S - 60, "exp": NOW_S + 3_600, "scope": "read:posts write:posts",
    })
}

/// A JWKS document.
pub fn jwks(signers: &[&Signer]) -> Vec<u8> {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// A verifier for [`ISSUER`] and [`API`] with more options; `null` takes one of those out.
pub fn verifier(more: &Value) -> Verifier {
    let base = json!({"issuer": ISSUER, "audience": API, "algorithms": ["ES384", "RS256", "EdDSA"]});
    let options = Options::from_json(&changed(base, more).to_string()).expect("options");
    Verifier::new(&options).expect("a verifier")
}

/// A verifier with the fixed keys 1 and 2, and more options.
pub fn fixed(more: &Value) -> Verifier {
    let keys = json!({"keys": [Signer::new(1).jwk(), Signer::new(2).jwk()]});
    let mut more = more.clone();
    more.as_object_mut().expect("an object").insert("jwks".into(), keys);
    verifier(&more)
}

/// The code of a refusal, or `"accepted"`.
pub fn code(judged: &Result<Outcome, Error>) -> &'static str {
    match judged {
        Ok(Outcome::Accepted(_)) => "accepted",
        Ok(other) => panic!("no verdict: {other:?}"),
        Err(error) => error.code().as_str(),
    }
}

/// Judges at [`NOW`]; `explain` has to say the same.
pub fn judge(verifier: &Verifier, token: &str, requirement: &Requirement) -> &'static str {
    let judged = verifier.verify(token, requirement, NOW);
    if judged.as_ref().is_err_and(|error| error.code().as_str() == "config_invalid") {
        assert_eq!(verifier.explain(token, requirement, NOW).err(), judged.err());
        return "config_invalid";
    }
    let report = explain(verifier, token, requirement);
    assert_eq!(report.error(), judged.as_ref().err(), "explain and verify disagree");
    code(&judged)
}

/// The report at [`NOW`].
pub fn explain(verifier: &Verifier, token: &str, requirement: &Requirement) -> Report {
    verifier.explain(token, requirement, NOW).expect("a good requirement").expect("no fetch")
}
