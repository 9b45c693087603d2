//! The wasm-bindgen surface: the only file that knows JavaScript.
//!
//! Results that can be one of several things are one string whose first character says which: `A` accepted, `N` keys
//! are needed, `S` a signature is to be checked, `E` refused, `R` a report. One string costs one crossing of the boundary, and the rest of it is JSON.

use alloc::borrow::Cow;
use alloc::sync::Arc;

use wasm_bindgen::prelude::*;

use crate::challenge::Challenge;
use crate::crypto;
use crate::error::{Error, ErrorCode};
use crate::json;
use crate::jws::VerifiedJws;
use crate::key_store::KeysChanged;
use crate::keys::KeySet;
use crate::options::Options;
use crate::prelude::*;
use crate::report::Report;
use crate::requirement::Requirement;
use crate::scope;
use crate::signature::{SignatureAnswer, SignatureRequest};
use crate::text::{concat, decimal};
use crate::time::milliseconds;
use crate::token::AccessToken;
use crate::verifier::{Outcome, Verifier};

fn refused(error: &Error) -> String {
    concat(&["E", &error.to_json()])
}

fn outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted(token) => token.summary("A"),
        Outcome::NeedKeys { wait, fetch } => {
            let mut need = json::Object::after("N");
            need.boolean("wait", *wait);
            match fetch {
                Some(fetch) => need.integer("fetch", *fetch),
                None => need.raw("fetch", "null"),
            }
            need.finish()
        }
        Outcome::NeedSignature(request) => question(request),
    }
}

fn question(request: &SignatureRequest) -> String {
    if !crypto::ASKS_HOST {
        return refused(&ErrorCode::Internal.into());
    }
    let mut question = json::Object::after("S");
    question.text("key", &request.key);
    question.text("algorithm", request.algorithm.name);
    question.text("jwk", &request.jwk);
    question.finish()
}

/// One verifier.
#[wasm_bindgen]
pub struct Core {
    /// Or why there is none: that is the answer to every question then.
    verifier: Result<Verifier, Error>,
    /// Compiled requirements; the first of them has the id `first_requirement`, the next one more, and no id is ever
    /// given out again.
    requirements: Vec<Requirement>,
    first_requirement: u32,
    /// The token that was accepted last, until it is remembered.
    accepted: Option<Arc<AccessToken>>,
    /// Remembered tokens by their slot. JavaScript finds the slot of a token; whether it still holds is decided here.
    remembered: Vec<Option<Arc<AccessToken>>>,
    free: Vec<u32>,
    /// What the host said of the signature of the token that is judged next.
    #[cfg(not(feature = "kernels"))]
    answer: Option<HostAnswer>,
}

/// A [`SignatureAnswer`] on its way from the host.
struct HostAnswer {
    key: String,
    algorithm: String,
    valid: Option<bool>,
}

impl HostAnswer {
    fn borrowed(&self) -> SignatureAnswer<'_> {
        SignatureAnswer { key: &self.key, algorithm: &self.algorithm, valid: self.valid }
    }
}

#[wasm_bindgen]
impl Core {
    /// `options` as JSON text; whether they are valid is said by [`Core::jwks_uri`].
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Core {
        Core {
            verifier: Options::from_json(options).and_then(|options| Verifier::new(&options)),
            requirements: Vec::new(),
            first_requirement: 0,
            accepted: None,
            remembered: Vec::new(),
            free: Vec::new(),
            #[cfg(not(feature = "kernels"))]
            answer: None,
        }
    }

    /// Where the key set is, `A<address>`; `A` with a fixed one. `E{error}` for invalid options.
    pub fn jwks_uri(&self) -> String {
        match &self.verifier {
            Ok(verifier) => concat(&["A", verifier.jwks_uri().unwrap_or_default()]),
            Err(error) => refused(error),
        }
    }

    /// Compiles a scope requirement, given as JSON text: `A<id>` or `E{error}`.
    pub fn requirement(&mut self, text: &str) -> String {
        match Requirement::from_json(text) {
            Ok(compiled) => {
                let id = self.first_requirement.wrapping_add(self.requirements.len() as u32);
                self.requirements.push(compiled);
                concat(&["A", &decimal(id.into())])
            }
            Err(error) => refused(&error),
        }
    }

    /// Forgets all compiled requirements.
    pub fn clear_requirements(&mut self) {
        self.first_requirement = self.first_requirement.wrapping_add(self.requirements.len() as u32);
        self.requirements.clear();
    }

    fn compiled(&self, id: u32) -> Option<&Requirement> {
        self.requirements.get(id.wrapping_sub(self.first_requirement) as usize)
    }

    fn verifier(&self) -> Result<&Verifier, Error> {
        self.verifier.as_ref().map_err(Clone::clone)
    }

    fn required(&self, id: u32, organization: Option<String>) -> Result<Cow<'_, Requirement>, Error> {
        let compiled = self.compiled(id).ok_or(ErrorCode::Internal)?;
        Ok(compiled.for_call(self.verifier()?.token_use(), organization))
    }

    /// What the host said of the signature of the token that is judged now.
    fn take_answer(&mut self) -> Option<HostAnswer> {
        #[cfg(not(feature = "kernels"))]
        return self.answer.take();
        #[cfg(feature = "kernels")]
        None
    }

    /// The host's answer to `S`, for the call of [`Core::verify`] that comes next. `valid` is
    /// `undefined` when the host refused the key.
    #[cfg(not(feature = "kernels"))]
    pub fn signature_checked(&mut self, key: String, algorithm: String, valid: Option<bool>) {
        self.answer = Some(HostAnswer { key, algorithm, valid });
    }

    /// `A[summary]`, `N{wait, fetch}`, `S{key, algorithm, jwk}` or `E{error}`. With `explain` what each step saw,
    /// `R{report}`, in place of the verdict; `E` is about the requirement then.
    pub fn verify(
        &mut self,
        token: &str,
        requirement: u32,
        organization: Option<String>,
        now_ms: f64,
        explain: bool,
    ) -> String {
        let answer = self.take_answer();
        self.accepted = None;
        let answer = answer.as_ref().map(HostAnswer::borrowed);
        match self.judge(token, requirement, organization, now_ms, answer.as_ref(), explain) {
            Ok(Ok(found)) => {
                let text = outcome(&found);
                if let Outcome::Accepted(token) = found {
                    self.accepted = Some(token);
                }
                text
            }
            Ok(Err(report)) => concat(&["R", &report.to_json()]),
            Err(error) => refused(&error),
        }
    }

    fn judge(
        &self,
        token: &str,
        requirement: u32,
        organization: Option<String>,
        now_ms: f64,
        answer: Option<&SignatureAnswer<'_>>,
        explain: bool,
    ) -> Result<Result<Outcome, Report>, Error> {
        let now = milliseconds(now_ms)?;
        let requirement = self.required(requirement, organization)?;
        let verifier = self.verifier()?;
        if explain {
            return Ok(match verifier.explain_answered(token, &requirement, now, answer)? {
                Ok(report) => Err(report),
                Err(need) => Ok(need),
            });
        }
        verifier.verify_answered(token, &requirement, now, answer).map(Ok)
    }

    /// Keeps the token that was accepted last, and returns its slot.
    pub fn remember(&mut self) -> Option<u32> {
        let token = self.accepted.take()?;
        let slot = self.free.pop().unwrap_or(self.remembered.len() as u32);
        match self.remembered.get_mut(slot as usize) {
            Some(place) => *place = Some(token),
            None => self.remembered.push(Some(token)),
        }
        Some(slot)
    }

    /// Lets go of a remembered token.
    pub fn forget(&mut self, slot: u32) {
        if self.remembered.get_mut(slot as usize).is_some_and(|place| place.take().is_some()) {
            self.free.push(slot);
        }
    }

    /// Whether a remembered token would be accepted again now. `false`: only a full verification can tell.
    pub fn still_accepts(&self, slot: u32, requirement: u32, organization: Option<String>, now_ms: f64) -> bool {
        let token = self.remembered.get(slot as usize).and_then(Option::as_deref);
        match (&self.verifier, token, self.compiled(requirement), milliseconds(now_ms)) {
            (Ok(verifier), Some(token), Some(required), Ok(now)) => {
                verifier.still_accepts_in(token, required, organization.as_deref(), now)
            }
            _ => false,
        }
    }

    /// Whether the scopes of an accepted token, separated by spaces, meet a requirement: `A` or `E{error}`.
    pub fn check_scopes(&self, requirement: u32, granted: &str) -> String {
        let granted: Vec<String> = scope::split(granted).map(str::to_owned).collect();
        done(self.required(requirement, None).and_then(|required| self.verifier()?.check_scopes(&required, &granted)))
    }

    /// `A` when a key set is in hand, `N{wait, fetch}`, or `E{error}`.
    pub fn preload(&self, now_ms: f64) -> String {
        match milliseconds(now_ms).and_then(|now| self.verifier()?.preload(now)) {
            Ok(None) => "A".to_owned(),
            Ok(Some(need)) => outcome(&need),
            Err(error) => refused(&error),
        }
    }

    /// The answer to a fetch. `A{generation, keys, rejected, changed}` or `E{error}` when it is no usable key set.
    pub fn keys_fetched(&self, fetch: f64, document: &[u8], now_ms: f64) -> String {
        match milliseconds(now_ms).and_then(|now| self.verifier()?.keys_fetched(fetch as u64, document, now)) {
            Ok(changed) => keys_changed(&changed),
            Err(error) => refused(&error),
        }
    }

    /// A fetch failed.
    pub fn keys_failed(&self, fetch: f64, now_ms: f64) {
        if let (Ok(verifier), Ok(now)) = (&self.verifier, milliseconds(now_ms)) {
            verifier.keys_failed(fetch as u64, now);
        }
    }

    /// Puts a key set back that was fetched earlier. `A` or `E{error}`.
    pub fn restore_keys(&self, document: &[u8], fetched_at_ms: f64, now_ms: f64) -> String {
        let restored = milliseconds(fetched_at_ms)
            .and_then(|fetched_at| self.verifier()?.restore_keys(document, fetched_at, milliseconds(now_ms)?));
        done(restored)
    }

    /// Whether a key set that was fetched then would be within its TTL.
    pub fn would_be_fresh(&self, fetched_at_ms: f64, now_ms: f64) -> bool {
        matches!(
            (&self.verifier, milliseconds(fetched_at_ms), milliseconds(now_ms)),
            (Ok(verifier), Ok(fetched_at), Ok(now)) if verifier.would_be_fresh(fetched_at, now)
        )
    }
}

/// `A`, or the error.
fn done(result: Result<(), Error>) -> String {
    match result {
        Ok(()) => "A".to_owned(),
        Err(error) => refused(&error),
    }
}

fn keys_changed(changed: &KeysChanged) -> String {
    let rejected = changed.rejected.iter().map(|key| {
        let mut rejected = json::Object::new();
        rejected.optional("kid", key.kid.as_deref());
        rejected.text("reason", key.reason.reason());
        rejected.finish()
    });
    let mut wire = json::Object::after("A");
    wire.boolean("changed", changed.changed);
    wire.integer("generation", changed.generation);
    wire.integer("keys", changed.keys as u64);
    wire.raw("rejected", &json::list(rejected));
    wire.finish()
}

/// The JWS step alone. `question` is `{token, jwks, algorithms, key, algorithm, valid}`: `algorithms` may be `null` for the
/// default ones, and the last three are the host's answer to `S`, if there was one. `A<payload in base64url>\n{header}`,
/// `S{key, algorithm, jwk}` or `E{error}`.
#[wasm_bindgen]
pub fn verify_signature(question: &str) -> String {
    match signature_alone(question) {
        Ok(Ok(jws)) => concat(&["A", &crate::base64url::encode(&jws.payload), "\n", &jws.header]),
        Ok(Err(request)) => self::question(&request),
        Err(error) => refused(&error),
    }
}

fn signature_alone(question: &str) -> Result<Result<VerifiedJws, SignatureRequest>, Error> {
    // What the caller wrote is JSON but for half characters in a text.
    let members = json::outline(question).ok_or(ErrorCode::TokenMalformed)?;
    let (key, algorithm) = (members.text("key").unwrap_or_default(), members.text("algorithm").unwrap_or_default());
    let answer =
        SignatureAnswer { key: &key, algorithm: &algorithm, valid: members.get("valid").map(|valid| valid == "true") };
    let names = match members.get("algorithms").filter(|list| *list != "null") {
        Some(list) => Some(json::texts(list).ok_or_else(|| Error::config("algorithms: a list of names."))?),
        None => None,
    };
    let names = names.as_ref().map(|names| names.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    let keys = KeySet::from_option(members.get("jwks").unwrap_or("null"), crypto::default_engine())?;
    let token = members.text("token").unwrap_or_default();
    crate::jws::verify_signature_answered(&token, &keys, names.as_deref(), Some(&answer))
}

/// The value of `WWW-Authenticate` for an error; empty when none applies. `question` has `code` and `missing` of the error,
/// and what [`Challenge::from_json`] takes.
#[wasm_bindgen]
pub fn challenge(question: &str) -> String {
    let Some(members) = json::object(question) else { return String::new() };
    let Some(code) = members.text("code").and_then(|name| ErrorCode::from_name(&name)) else { return String::new() };
    let missing = members.get("missing").and_then(json::texts).unwrap_or_default();
    let challenge = Challenge::from_json(question).unwrap_or_default();
    challenge.header(&Error::from(code).with_missing(missing)).unwrap_or_default()
}

/// The token of an `Authorization` header: `A<token>` or `E{error}`.
#[wasm_bindgen]
pub fn bearer_token(authorization: Option<String>) -> String {
    match crate::bearer::token(authorization.as_deref()) {
        Ok(token) => concat(&["A", token]),
        Err(error) => refused(&error),
    }
}
