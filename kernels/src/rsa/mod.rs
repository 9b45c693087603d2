//! RSA signature verification (RFC 8017), in variable time: everything in it is public.
//!
//! A key is prepared once ([`RsaKey::new`]) and verifies any number of signatures. The strictness
//! is here too: length and range of the signature, the encoding compared whole.

mod digits;
mod encoding;
mod montgomery;
mod residue;
mod rows;
mod simd;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use digits::Layout;
use montgomery::Modulus;
use residue::Residues;
use simd::F64x2;

use crate::Hash;

/// How a digest is encoded before the RSA operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaScheme {
    /// RSASSA-PKCS1-v1_5 (RS256, RS384, RS512).
    Pkcs1,
    /// RSASSA-PSS with MGF1 over the same hash function and a salt as long as its digest
    /// (PS256, PS384, PS512; RFC 7518, section 3.5).
    Pss,
}

/// A public key, ready to verify.
pub struct RsaKey {
    bits: usize,
    exponent: u64,
    layout: Layout,
    residues: Residues,
    modulus: Modulus<F64x2>,
    /// R² modulo n, which takes a number into Montgomery's form.
    entry: Vec<F64x2>,
}

impl RsaKey {
    /// Prepares the key with the modulus `n` and the public exponent `e`, both big-endian;
    /// leading zeros are ignored.
    ///
    /// `None` unless the modulus is odd and has 2048 to 8192 bits, and the exponent is odd and
    /// 3 <= e < 2^33.
    pub fn new(n: &[u8], e: &[u8]) -> Option<Self> {
        let n = trim(n);
        let bits = 8 * n.len() - n.first()?.leading_zeros() as usize;
        if !(2048..=8192).contains(&bits) || n.last()? & 1 == 0 {
            return None;
        }
        let exponent = exponent(e)?;
        let layout = Layout::new(bits);
        let residues = Residues::new(layout, n);
        let modulus = Modulus::new(layout.radix, layout.pairs(&residues.montgomery_multiple()));
        let entry = entry(&layout, &residues, &modulus);
        Some(Self { bits, exponent, layout, residues, modulus, entry })
    }

    /// Whether `signature` is one of `digest`, made with `hash`, under this key.
    pub fn verify(&self, scheme: RsaScheme, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        match scheme {
            RsaScheme::Pkcs1 => self.verify_pkcs1(hash, digest, signature),
            RsaScheme::Pss => self.verify_pss(hash, digest, signature, hash.size()),
        }
    }

    fn verify_pkcs1(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
        self.recover(signature).is_some_and(|message| encoding::is_pkcs1(&message, hash, digest))
    }

    /// RSASSA-PSS with a salt of `salt_size` bytes.
    fn verify_pss(&self, hash: Hash, digest: &[u8], signature: &[u8], salt_size: usize) -> bool {
        self.recover(signature).is_some_and(|message| encoding::is_pss(&message, self.bits, hash, digest, salt_size))
    }

    /// The encoded message, as long as the modulus: RSAVP1 (RFC 8017, section 5.2.2). `None` if
    /// the signature is not as long as the modulus, or not less.
    fn recover(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let n = self.residues.bytes();
        if signature.len() != n.len() || signature >= n {
            return None;
        }
        let acc = &mut self.modulus.accumulator();
        let plain = self.layout.read(signature);
        let mut x = plain.clone();
        self.modulus.multiply(&mut x, &self.entry, acc);
        let base = x.clone();
        for bit in (0..self.exponent.checked_ilog2().unwrap_or(0)).rev() {
            self.modulus.square(&mut x, acc);
            if self.exponent >> bit & 1 == 1 {
                // The exponent is odd: the last factor, without its R, takes the product out of
                // Montgomery's form.
                self.modulus.multiply(&mut x, if bit == 0 { &plain } else { &base }, acc);
            }
        }
        Some(self.residues.canonical(&x))
    }
}

/// R² modulo n.
fn entry(layout: &Layout, residues: &Residues, modulus: &Modulus<F64x2>) -> Vec<F64x2> {
    let size = 2 * layout.half * layout.radix.bits as usize;
    let acc = &mut modulus.accumulator();
    // 2·R is 2 in Montgomery's form; R² is 2^size there.
    let mut x = residues.power_of_two(size + 1);
    for bit in (0..size.checked_ilog2().unwrap_or(0)).rev() {
        modulus.square(&mut x, acc);
        x = layout.read(&residues.scaled(&x, 1 + (size >> bit & 1) as u32));
    }
    x
}

/// A public exponent that is odd and 3 <= e < 2^33.
fn exponent(bytes: &[u8]) -> Option<u64> {
    let bytes = trim(bytes);
    if bytes.len() > 5 {
        return None;
    }
    let e = bytes.iter().fold(0, |e, &byte| e << 8 | u64::from(byte));
    (e & 1 == 1 && (3..1 << 33).contains(&e)).then_some(e)
}

/// Without leading zeros.
fn trim(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    rows::beyond(bytes, zeros)
}
