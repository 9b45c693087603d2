//! Arithmetic modulo primes, which ECDSA and Ed25519 share: fast in the fields of their curves, short in all else.

pub mod column;
pub mod field;
pub mod int;
#[cfg(test)]
pub mod interval;
pub mod modinv;
pub mod modmul;
pub mod product;
pub mod word;
