//! Verified tokens. They exist only as the result of a verification: Python cannot make one.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFrozenSet, PyTuple};

/// Greatest number up to which every whole one is exact in a double.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A verified token and what Python has asked of it so far.
struct Verified {
    token: Arc<scopegate::AccessToken>,
    claims: PyOnceLock<Py<PyAny>>,
    audience: PyOnceLock<Py<PyTuple>>,
}

impl Verified {
    fn new(token: Arc<scopegate::AccessToken>) -> Self {
        Self { token, claims: PyOnceLock::new(), audience: PyOnceLock::new() }
    }

    /// Read when somebody first asks: most requests never do.
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.claims.get_or_try_init(py, || parsed(py, self.token.claims_json())).map(|claims| claims.clone_ref(py))
    }

    /// Seconds: whole ones as `int`, as they are in the token, and others as Python reads them there. The core compares
    /// numbers, and need not read their last digit.
    fn seconds(&self, py: Python<'_>, claim: &str, seconds: f64) -> PyResult<Py<PyAny>> {
        if seconds.fract() == 0.0 && seconds.abs() < EXACT {
            return Ok((seconds as i64).into_pyobject(py)?.into_any().unbind());
        }
        self.claims(py)?.bind(py).get_item(claim).map(Bound::unbind)
    }

    fn expires_at(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.seconds(py, "exp", self.token.expires_at())
    }

    fn issued_at(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.token.issued_at().map(|at| self.seconds(py, "iat", at)).transpose()
    }

    fn audience(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        let make = || PyTuple::new(py, self.token.audience()).map(Bound::unbind);
        self.audience.get_or_try_init(py, make).map(|audience| audience.clone_ref(py))
    }
}

/// JSON text as read-only Python values.
pub fn parsed(py: Python<'_>, json: &str) -> PyResult<Py<PyAny>> {
    static READ: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    READ.import(py, "scopegate._json", "read")?.call1((json,)).map(Bound::unbind)
}

/// A verified access token: signature, issuer, audience, lifetime, permission model and required scopes all hold.
#[pyclass(frozen, module = "scopegate")]
pub struct AccessToken {
    verified: Verified,
    scopes: PyOnceLock<Py<PyFrozenSet>>,
}

impl AccessToken {
    pub fn new(token: Arc<scopegate::AccessToken>) -> Self {
        Self { verified: Verified::new(token), scopes: PyOnceLock::new() }
    }
}

#[pymethods]
impl AccessToken {
    #[getter]
    fn subject(&self) -> &str {
        self.verified.token.subject()
    }

    #[getter]
    fn client_id(&self) -> &str {
        self.verified.token.client_id()
    }

    #[getter]
    fn is_machine(&self) -> bool {
        self.verified.token.is_machine()
    }

    #[getter]
    pub fn scopes(&self, py: Python<'_>) -> PyResult<Py<PyFrozenSet>> {
        let make = || PyFrozenSet::new(py, self.verified.token.scopes()).map(Bound::unbind);
        self.scopes.get_or_try_init(py, make).map(|scopes| scopes.clone_ref(py))
    }

    #[getter]
    fn organization_id(&self) -> Option<&str> {
        self.verified.token.organization_id()
    }

    #[getter]
    fn actor(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.verified.token.actor().map(|actor| parsed(py, actor)).transpose()
    }

    #[getter]
    fn issuer(&self) -> &str {
        self.verified.token.issuer()
    }

    #[getter]
    fn audience(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        self.verified.audience(py)
    }

    #[getter]
    fn expires_at(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.verified.expires_at(py)
    }

    #[getter]
    fn issued_at(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.verified.issued_at(py)
    }

    #[getter]
    fn token_id(&self) -> Option<&str> {
        self.verified.token.token_id()
    }

    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.verified.claims(py)
    }

    fn __repr__(&self) -> String {
        let token = &self.verified.token;
        format!(
            "<AccessToken subject={:?} client_id={:?} scopes={:?}>",
            token.subject(),
            token.client_id(),
            token.scopes()
        )
    }
}

/// A verified ID token: signature, issuer, application and lifetime hold. It proves a sign-in and grants nothing.
#[pyclass(frozen, module = "scopegate")]
pub struct IdToken {
    verified: Verified,
}

impl IdToken {
    pub fn new(token: Arc<scopegate::AccessToken>) -> Self {
        Self { verified: Verified::new(token) }
    }
}

#[pymethods]
impl IdToken {
    #[getter]
    fn subject(&self) -> &str {
        self.verified.token.subject()
    }

    #[getter]
    fn client_id(&self) -> &str {
        self.verified.token.client_id()
    }

    #[getter]
    fn issuer(&self) -> &str {
        self.verified.token.issuer()
    }

    #[getter]
    fn audience(&self, py: Python<'_>) -> PyResult<Py<PyTuple>> {
        self.verified.audience(py)
    }

    #[getter]
    fn expires_at(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.verified.expires_at(py)
    }

    #[getter]
    fn issued_at(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        self.verified.issued_at(py)
    }

    #[getter]
    fn claims(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        self.verified.claims(py)
    }

    fn __repr__(&self) -> String {
        let token = &self.verified.token;
        format!("<IdToken subject={:?} client_id={:?}>", token.subject(), token.client_id())
    }
}
