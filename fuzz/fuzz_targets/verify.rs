//! A token, judged by `verify` and by `explain`: neither panics, both give the same code, and nothing of what they say
//! contains the token.
//!
//! The first byte chooses the permission model, whether signatures are really checked (a fuzzer forges none, so half of
//! the inputs go on to the claims as if it could), and whether the rest is the token itself or its three parts, each on
//! a line of its own, that have yet to be encoded.

#![no_main]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use scopegate::crypto::{self, Engine, KeyMaterial, Verdict, VerifyingKey};
use scopegate::{Algorithm, Error, ErrorCode, Options, Outcome, Requirement, Verifier, bearer};

const NOW_MS: u64 = 1_795_329_200_000;

const JWKS: &str = r#"{"keys":[
    {"kty":"EC","use":"sig","kid":"ec","alg":"ES384","crv":"P-384",
     "x":"puN-1ieEQwc0ZDX2-T4d5wCsY5F67-Ik0wLLfbvkyVW2_GOrwVeJWW29plPpPM4D",
     "y":"cVBNaLhD4WMxbiqsu1Kawq-X6a-QSA-IA3QR8RNHblmNJzuyG0SSSZUA_0Nm_UJe"},
    {"kty":"OKP","kid":"ed","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    {"kty":"oct","kid":"oct","k":"AAAA"}]}"#;

/// Takes every signature.
struct Credulous;

impl Engine for Credulous {
    fn name(&self) -> &'static str {
        "credulous"
    }

    fn import(&self, _: &KeyMaterial) -> Option<Box<dyn VerifyingKey>> {
        Some(Box::new(Credulous))
    }
}

impl VerifyingKey for Credulous {
    fn verify(&self, _: &'static Algorithm, _: &[u8], _: &[u8]) -> Verdict {
        Verdict::Valid
    }
}

/// Per permission model (and for ID tokens): the strict verifier, the credulous one, and what each call requires.
static SUBJECTS: LazyLock<Vec<([Verifier; 2], Requirement)>> = LazyLock::new(|| {
    let base = r#""endpoint":"http://127.0.0.1:3001","algorithms":["ES384","EdDSA"]"#;
    let api = r#""audience":["https://api.yourapp.com","b"]"#;
    let scopes = || Requirement::scopes(["read:posts"]).expect("a requirement");
    [
        (format!(r#"{{{base},{api},"jwks":{JWKS},"impliedScopes":{{"all":["read:posts"]}}}}"#), scopes()),
        (
            format!(r#"{{{base},{api},"jwks":{JWKS},"permissionModel":"organization-resource","maxTokenAge":1e9}}"#),
            scopes().in_organization("tao28sen70w3"),
        ),
        (
            format!(r#"{{{base},"jwks":{JWKS},"permissionModel":"organization","actor":"forbid","typ":null}}"#),
            Requirement::none().in_organization("tao28sen70w3"),
        ),
        (format!(r#"{{{base},"jwks":{JWKS},"tokenUse":"id","clientId":"app"}}"#), Requirement::none().with_nonce("n")),
    ]
    .map(|(options, requirement)| {
        let options = Options::from_json(&options).expect("options");
        let strict = Verifier::with_engine(&options, crypto::default_engine()).expect("a verifier");
        let credulous = Verifier::with_engine(&options, &Credulous).expect("a verifier");
        ([strict, credulous], requirement)
    })
    .into()
});

fn says_nothing_of(token: &str, error: &Error) {
    let text = format!("{error} {error:?}");
    assert!(token.len() < 40 || !text.contains(token), "the error contains the token");
}

fn code(judged: &Result<Outcome, Error>) -> Option<ErrorCode> {
    match judged {
        Ok(Outcome::Accepted(_)) => None,
        Ok(other) => panic!("a fixed key set needs no fetch: {other:?}"),
        Err(error) => Some(error.code()),
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, rest)) = data.split_first() else { return };
    let token = if choice & 8 == 0 {
        String::from_utf8_lossy(rest).into_owned()
    } else {
        rest.splitn(3, |&byte| byte == b'\n').map(|part| URL_SAFE_NO_PAD.encode(part)).collect::<Vec<_>>().join(".")
    };
    let (verifiers, requirement) = &SUBJECTS[usize::from(choice & 3)];
    let verifier = &verifiers[usize::from(choice >> 2 & 1)];

    let judged = verifier.verify(&token, requirement, NOW_MS);
    match &judged {
        Ok(Outcome::Accepted(accepted)) => {
            assert!(!accepted.subject().is_empty() && !accepted.client_id().is_empty());
            assert!(accepted.expires_at().is_finite());
        }
        Ok(_) => {}
        Err(error) => says_nothing_of(&token, error),
    }

    let report = verifier.explain(&token, requirement, NOW_MS).expect("a good requirement").expect("a report");
    assert_eq!(report.error().map(Error::code), code(&judged), "explain and verify disagree");
    assert_eq!(report.error(), judged.as_ref().err());
    assert_eq!(report.steps.len(), 18);
    assert!(!report.to_json().is_empty());
    assert!(token.len() < 40 || !report.to_json().contains(&token), "the report contains the token");

    // No token is taken twice over: what the header parser hands on is what was sent.
    if let Ok(taken) = bearer::token(Some(&token)) {
        assert!(token.ends_with(taken) || token.trim_end_matches([' ', '\t']).ends_with(taken));
    }
});
