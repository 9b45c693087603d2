//! What stands in `vectors.json`, and the comparison with what came of a case.

use std::collections::HashMap;

use scopegate::Error;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
pub struct Vectors {
    pub format: u32,
    pub codes: HashMap<String, Answer>,
    #[serde(rename = "keySets")]
    pub key_sets: HashMap<String, Value>,
    pub cases: Vec<Case>,
}

#[derive(Deserialize, PartialEq, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub status: Option<u16>,
    pub oauth_error: Option<String>,
}

#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub kind: Kind,
    #[serde(default)]
    pub options: Map<String, Value>,
    /// `None`: the keys are fixed. `Some(None)`: they cannot be fetched.
    #[serde(default, deserialize_with = "present")]
    pub served: Option<Option<String>>,
    #[serde(default)]
    pub requirement: Demand,
    #[serde(default)]
    pub now: u64,
    #[serde(default)]
    pub token: Text,
    #[serde(default)]
    pub jwks: Value,
    pub algorithms: Option<Vec<String>>,
    pub authorization: Option<String>,
    pub expect: Expect,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Access,
    Id,
    Jws,
    Bearer,
}

#[derive(Clone, Deserialize, Default)]
pub struct Demand {
    pub scopes: Option<Value>,
    pub organization: Option<String>,
    pub nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Text {
    Plain(String),
    Long { repeat: String, times: usize },
}

impl Default for Text {
    fn default() -> Self {
        Text::Plain(String::new())
    }
}

impl Text {
    /// The text itself.
    pub fn write(&self) -> String {
        match self {
            Text::Plain(text) => text.clone(),
            Text::Long { repeat, times } => repeat.repeat(*times),
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Expect {
    Accepted { accepted: Map<String, Value> },
    Refused { code: String, claim: Option<String>, missing: Option<Vec<String>>, retry_after: Option<u64> },
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What came of a case: members to compare, or the refusal.
pub type Verdict = Result<Map<String, Value>, Error>;

/// Compares what is expected, and nothing else.
pub fn compare(vectors: &Vectors, expect: &Expect, verdict: &Verdict) -> Result<(), String> {
    match (expect, verdict) {
        (Expect::Accepted { accepted }, Ok(found)) => accepted.iter().try_for_each(|(name, expected)| {
            let found = found.get(name).unwrap_or(&Value::Null);
            let equal = match name.as_str() {
                "scopes" => sorted(found) == sorted(expected),
                "claims" => {
                    expected.as_object().is_some_and(|claims| claims.iter().all(|(k, v)| found.get(k) == Some(v)))
                }
                _ => same(found, expected),
            };
            if equal { Ok(()) } else { Err(format!("{name} is {found}, not {expected}")) }
        }),
        (Expect::Refused { code, claim, missing, retry_after }, Err(error)) => {
            if error.code().as_str() != code {
                return Err(format!(
                    "{} instead of {code} ({:?}; {})",
                    error.code(),
                    error.actual_value(),
                    error.hint()
                ));
            }
            let answer = Answer { status: error.status(), oauth_error: error.oauth_error().map(str::to_owned) };
            if vectors.codes.get(code) != Some(&answer) {
                return Err(format!("{code} answers {answer:?}"));
            }
            if claim.is_some() && claim.as_deref() != error.claim() {
                return Err(format!("the claim is {:?}, not {claim:?}", error.claim()));
            }
            if missing.as_ref().is_some_and(|missing| missing != error.missing()) {
                return Err(format!("{:?} are missing, not {missing:?}", error.missing()));
            }
            if retry_after.is_some() && *retry_after != error.retry_after() {
                return Err(format!("retry after {:?}, not {retry_after:?}", error.retry_after()));
            }
            Ok(())
        }
        (Expect::Accepted { .. }, Err(error)) => {
            Err(format!("refused with {} ({:?}; {:?})", error.code(), error.claim(), error.actual_value()))
        }
        (Expect::Refused { code, .. }, Ok(_)) => Err(format!("accepted instead of {code}")),
    }
}

/// Whether two values are equal. `1760000000` and `1760000000.0` are the same number, and numbers are compared to the fifteen
/// digits that the crate reads them to.
fn same(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => (found - expected).abs() <= expected.abs() * 1e-15,
        _ => found == expected,
    }
}

fn sorted(list: &Value) -> Vec<&str> {
    let mut texts: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    texts.sort_unstable();
    texts
}
