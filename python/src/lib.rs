//! The extension module `scopegate._core`: what Python sees of the core, and the sibling of the core's `wasm.rs`.
//!
//! Refusals are values here ([`Refusal`]), not exceptions: whoever asked decides what to raise. The interpreter's lock is
//! let go while a signature is checked or a key set is read; what takes a microsecond is done under it, because getting
//! it back can take a thousand times as long.

mod core;
mod refusal;
mod signature;
mod token;

use pyo3::prelude::*;

/// The native part of scopegate. Use the package `scopegate`.
#[pymodule]
mod _core {
    #[pymodule_export]
    use crate::core::{Core, KeysNeeded, Requirement};
    #[pymodule_export]
    use crate::refusal::{Refusal, bearer_token, challenge, codes, refusal};
    #[pymodule_export]
    use crate::signature::verify_signature;
    #[pymodule_export]
    use crate::token::{AccessToken, IdToken};
}
