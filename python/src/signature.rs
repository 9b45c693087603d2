//! The bare signature step (RFC 7515).

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use scopegate::crypto::default_engine;
use scopegate::{ErrorCode, KeySet};

use crate::refusal::Judged;
use crate::token::parsed;

/// Header and payload of a JWS whose signature holds, or the refusal.
#[pyfunction]
#[pyo3(signature = (token, jwks, algorithms))]
pub fn verify_signature<'py>(
    py: Python<'py>,
    token: &Bound<'py, PyString>,
    jwks: &str,
    algorithms: Option<Vec<String>>,
) -> PyResult<Judged<(Py<PyAny>, Bound<'py, PyBytes>)>> {
    let Ok(token) = token.to_cow() else { return Ok(Judged::Refused(ErrorCode::TokenMalformed.into())) };
    let verified = py.detach(|| {
        let keys = KeySet::from_option(jwks, default_engine())?;
        let names = algorithms.as_ref().map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
        scopegate::verify_signature(&token, &keys, names.as_deref())
    });
    match verified {
        Ok(jws) => Ok(Judged::Good((parsed(py, &jws.header)?, PyBytes::new(py, &jws.payload)))),
        Err(error) => Ok(Judged::Refused(error.into())),
    }
}
