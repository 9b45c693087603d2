//! ECDSA signature verification on P-256, P-384 and P-521 (FIPS 186-5, 6.4.2), fast for keys that are used often.
//!
//! A key is imported once, with a table of multiples; then a verification takes a few dozen doublings. Everything
//! that enters here is public, so nothing is constant-time: **this code must never see a private key**.

mod affine;
mod comb;
mod curve;
mod p256;
mod p384;
mod p521;
mod point;
mod scalar;

#[cfg(test)]
mod tests;

use comb::{Combs, Table};
use core::hint::black_box;

use crate::Curve;
use crate::prime::{field, int, modinv, modmul};

fn parameters(curve: Curve) -> &'static curve::Curve {
    // Hidden from the optimiser, which would make a copy of everything for each curve.
    black_box(match curve {
        Curve::P256 => &p256::P256,
        Curve::P384 => &p384::P384,
        Curve::P521 => &p521::P521,
    })
}

/// A public key with its table of multiples.
pub struct EcdsaKey {
    curve: &'static curve::Curve,
    table: Table,
}

impl EcdsaKey {
    /// The key with the given big-endian coordinates, each exactly as long as the field (32, 48 or 66 bytes).
    ///
    /// `None` if a length is wrong, a coordinate is not below p, or the point is not on the curve.
    #[must_use]
    pub fn new(curve: Curve, x: &[u8], y: &[u8]) -> Option<Self> {
        let curve = parameters(curve);
        if x.len() != curve.bytes() || y.len() != curve.bytes() {
            return None;
        }
        let point = [x, y].map(int::from_bytes);
        if !point.iter().all(|number| int::less(number, &curve.prime.p.value)) {
            return None;
        }
        let point = field::enter_both(&curve.prime, &point);
        if !point::is_on_curve(curve, &point) {
            return None;
        }
        let table = Table::new(curve, &point)?;
        Some(Self { curve, table })
    }

    /// Whether `signature` (r then s, big-endian, each exactly as long as the order: 32, 48 or 66 bytes) is this key's
    /// signature of the message whose hash is `digest`. Any hash length is accepted; a longer one than the order is
    /// truncated as FIPS 186-5 says.
    #[must_use]
    pub fn verify_digest(&self, digest: &[u8], signature: &[u8]) -> bool {
        let curve = self.curve;
        if signature.len() != 2 * curve.bytes() {
            return false;
        }
        let order = &curve.order;
        let (r, s) = signature.split_at(curve.bytes());
        let [r, s] = [r, s].map(int::from_bytes);
        if [r, s].iter().any(|number| int::is_zero(number) || !int::less(number, &order.value)) {
            return false;
        }
        let Some(base) = curve.base_table() else {
            return false;
        };
        let digest = scalar::from_digest(digest, curve.bits, &order.value);
        let inverse = modinv::divide(&s, order);
        let scalars = [digest, r].map(|number| modmul::montgomery(&number, &inverse, order));
        let sum = Combs::new(curve, [base, &self.table], &scalars).sum();
        sum.is_some_and(|sum| comb::has_x_modulo_order(curve, &sum, &r))
    }

    /// Bytes of memory that the table of multiples takes.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        self.table.bytes()
    }
}
