//! The hash functions of the signature algorithms.

use alloc::vec::Vec;

use sha2::{Digest, Sha256, Sha384, Sha512};

/// The hash of the signed message (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Bytes in a digest.
    pub fn size(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }

    /// Appends the digest of the concatenated `parts` to `out`.
    pub fn append(self, parts: &[&[u8]], out: &mut Vec<u8>) {
        match self {
            Hash::Sha256 => append::<Sha256>(parts, out),
            Hash::Sha384 => append::<Sha384>(parts, out),
            Hash::Sha512 => append::<Sha512>(parts, out),
        }
    }

    /// The digest of `message`.
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        let mut digest = Vec::with_capacity(self.size());
        self.append(&[message], &mut digest);
        digest
    }
}

/// The SHA-256 of `message`, for those who need no other hash.
pub fn sha256(message: &[u8]) -> Vec<u8> {
    let mut digest = Vec::with_capacity(32);
    append::<Sha256>(&[message], &mut digest);
    digest
}

fn append<D: Digest>(parts: &[&[u8]], out: &mut Vec<u8>) {
    let mut hash = D::new();
    for part in parts {
        hash.update(part);
    }
    out.extend_from_slice(&hash.finalize());
}
