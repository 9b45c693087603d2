//! The wasm-bindgen surface of the module without signatures, for browsers. Answers are as in [`crate::wasm`]: `A` and
//! what was asked for, or `E` and the error.

use wasm_bindgen::prelude::*;

use crate::error::Error;
use crate::prelude::*;
use crate::text;
use crate::unverified::{self, Expected};

fn answer(result: Result<String, Error>) -> String {
    match result {
        Ok(answer) => text::concat(&["A", &answer]),
        Err(error) => text::concat(&["E", &error.to_json()]),
    }
}

/// The name of the kind of token that this looks like.
#[wasm_bindgen]
pub fn token_kind(token: &str) -> String {
    unverified::kind(token).to_owned()
}

/// `A{summary}\n{claims}` or `E{error}`. With an audience the token is held against it and `organization`.
#[wasm_bindgen]
pub fn decode_unverified(token: &str, audience: Option<String>, organization: Option<String>) -> String {
    let organization = organization.as_deref();
    answer(unverified::decode(token, audience.as_deref().map(|audience| Expected { audience, organization })))
}

/// `A[missing]` or `E{error}`. `requirement` and `implied` are JSON text.
#[wasm_bindgen]
pub fn evaluate_scopes(requirement: &str, granted: &str, implied: &str) -> String {
    answer(unverified::missing_scopes(requirement, granted, implied))
}
