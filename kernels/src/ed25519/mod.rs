//! Ed25519 verification (RFC 8032 §5.1.7) in its strict form: S < L, and neither the key nor R of small order, so that
//! every implementation that accepts a signature here accepts it alike.

mod comb;
pub(crate) mod curve;
mod point;
#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use alloc::vec::Vec;

use comb::Comb;
use once_cell::race::OnceBox;

use crate::Hash;
use crate::prime::int;

/// The multiples of the base point. Made when first needed.
static BASE: OnceBox<Option<Comb>> = OnceBox::new();

/// The base point: y = 4/5, and the even x.
const BASE_POINT: [u8; 32] = {
    let mut encoded = [0x66; 32];
    encoded[0] = 0x58;
    encoded
};

/// A public key with its table of multiples.
pub struct Ed25519Key {
    encoded: [u8; 32],
    /// The multiples of −A.
    comb: Comb,
}

impl Ed25519Key {
    /// The key that `encoded` is. `None` when it is no point, or one of small order.
    #[must_use]
    pub fn new(encoded: &[u8; 32]) -> Option<Self> {
        let mut point = curve::decode(encoded, true)?;
        let comb = Comb::new(&point);
        (!point.is_small_order()).then_some(Self { encoded: *encoded, comb })
    }

    /// Whether `signature`, R ‖ S, is one of `message`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_first_chunk::<32>() else { return false };
        let Ok(s) = <&[u8; 32]>::try_from(s) else { return false };
        let s = curve::number(s);
        if !int::less(&s, &curve::ORDER.value) {
            return false;
        }
        let mut digest = Vec::with_capacity(Hash::Sha512.size());
        Hash::Sha512.append(&[r, &self.encoded, message], &mut digest);
        let k = curve::scalar(&digest);
        let base = BASE.get_or_init(|| Box::new(curve::decode(&BASE_POINT, false).map(|point| Comb::new(&point))));
        let Some(base) = base else { return false };
        // R = S·B − k·A. Compared as it is encoded, which admits one spelling of R.
        let mut expected = comb::sum([(base, &s), (&self.comb, &k)]);
        curve::is_encoded(&expected, r) && !expected.is_small_order()
    }

    /// Bytes of what was computed beforehand.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        self.comb.bytes()
    }
}
