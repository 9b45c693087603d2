//! Signature engines behind one small trait. An engine takes key material that [`crate::jwk`] has checked for form,
//! checks the mathematics (a point on its curve), and answers one question: does this signature hold?
//!
//! Everything here is public data, so engines may run in variable time. Nothing in this crate signs.

use crate::algorithm::{Algorithm, Curve};

mod curves;
mod host;
#[cfg(feature = "kernels")]
mod kernels;
#[cfg(feature = "reference")]
mod reference;

use crate::prelude::*;
pub use host::Host;
#[cfg(feature = "kernels")]
pub use kernels::Kernels;
#[cfg(feature = "reference")]
pub use reference::Reference;

/// A public key in numbers, big-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyMaterial {
    /// A point; both coordinates have exactly the field's length.
    Ec {
        /// The curve.
        curve: Curve,
        /// The x-coordinate.
        x: Vec<u8>,
        /// The y-coordinate.
        y: Vec<u8>,
    },
    /// An odd modulus of 2048 to 8192 bits and an odd exponent 3 ≤ e < 2³³, both without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The public exponent.
        e: Vec<u8>,
    },
    /// An Ed25519 public key as RFC 8032 encodes it.
    Ed25519 {
        /// The encoded point.
        x: [u8; 32],
    },
}

/// What an engine says about a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Valid,
    /// It does not.
    Invalid,
    /// It is well-formed, and whether it holds is for the host to find out.
    AskHost,
}

impl From<bool> for Verdict {
    fn from(valid: bool) -> Self {
        if valid { Verdict::Valid } else { Verdict::Invalid }
    }
}

/// A key that an engine has accepted and prepared.
pub trait VerifyingKey: Send + Sync {
    /// Whether `signature` is one of `message` under this key. `algorithm` fits the key's material.
    fn verify(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict;

    /// Bytes of what was computed beforehand for this key.
    fn table_bytes(&self) -> usize {
        0
    }
}

/// A way to check signatures.
pub trait Engine: Send + Sync {
    /// The engine's name, for reports.
    fn name(&self) -> &'static str;

    /// Prepares a key; `None` when it is not a valid key of its type.
    fn import(&self, material: &KeyMaterial) -> Option<Box<dyn VerifyingKey>>;
}

/// Whether this build may leave signatures to the host. The module that has the kernels never does, and goes without what
/// that takes.
pub(crate) const ASKS_HOST: bool = cfg!(not(all(feature = "module", feature = "kernels", target_arch = "wasm32")));

/// The engine that is used unless another one is asked for: the first of [`ENGINES`].
pub fn default_engine() -> &'static dyn Engine {
    ENGINES.first().copied().unwrap_or(&Host)
}

/// Every engine of this build, the default first.
pub static ENGINES: &[&dyn Engine] = &[
    #[cfg(feature = "kernels")]
    &Kernels,
    #[cfg(feature = "reference")]
    &Reference,
    &Host,
];

/// Bits of a big-endian number.
pub(crate) fn bit_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|&byte| byte != 0).map_or(0, |first| {
        let top = bytes.get(first).map_or(0, |byte| byte.leading_zeros() as usize);
        (bytes.len() - first) * 8 - top
    })
}
