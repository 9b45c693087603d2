//! The signature kernels of [scopegate](https://crates.io/crates/scopegate): ECDSA on P-256, P-384 and P-521, RSA
//! and Ed25519.
//!
//! They verify and never sign. Everything that enters is public, so nothing is constant-time: **this code must never see
//! a private key**. They are a package of their own because the rest of scopegate's WebAssembly module is compiled for
//! size at any price, and they are not.

#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;

pub mod curves;
// Limbs and table columns: every index is bounded by a loop over the array itself or by a constant of the curve, none
// comes from outside. Loops are unrolled with constants, some of whose branches are never taken.
#[allow(clippy::indexing_slicing, clippy::out_of_bounds_indexing, clippy::absurd_extreme_comparisons)]
pub mod ecdsa;
pub mod ed25519;
mod hash;
// As in `ecdsa`.
#[allow(clippy::indexing_slicing, clippy::out_of_bounds_indexing, clippy::absurd_extreme_comparisons)]
mod prime;
pub mod rsa;

pub use curves::Curve;
pub use hash::{Hash, sha256};

/// The greatest integer that is not above `value`, which is far from the ends of the range.
fn floor(value: f64) -> i64 {
    let towards_zero = value as i64;
    towards_zero - i64::from(towards_zero as f64 > value)
}
