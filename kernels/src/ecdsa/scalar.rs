//! What ECDSA verification makes of the digest and of scalars.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use crate::prime::int::{self, Int, LIMB_BITS, Modulus};

/// The integer of a digest: its leftmost `bits` bits (FIPS 186-5, 6.4.2), reduced modulo n, which has that many bits.
pub fn from_digest(digest: &[u8], bits: usize, order: &Int) -> Int {
    let digest = digest.get(..bits.div_ceil(8)).unwrap_or(digest);
    let mut number = int::from_bytes(digest);
    for _ in bits..digest.len() * 8 {
        number = int::halve(&number);
    }
    int::reduce_once(&number, order)
}

/// The most columns a comb has.
pub const MAX_COLUMNS: usize = 68;

/// A scalar as the signs of a comb: it is the sum of `±2^(columns * tooth + column)` over eight teeth and the
/// columns, with a plus where bit `tooth` of byte `column` is set.
pub struct Signs([u8; MAX_COLUMNS]);

impl Signs {
    /// The signs of `scalar < n < 2^(8 columns)`.
    pub fn new(scalar: &Int, columns: usize, order: &Modulus) -> Self {
        // Only odd numbers can be written so; an even one is the negative of the odd n - scalar.
        let negated = scalar[0] & 1 == 0;
        let odd = if negated { int::combine(&order.value, scalar, -1) } else { *scalar };
        // k is the sum over 2 b - 1 with the bits b of (k - 1) / 2 + 2^(8 columns - 1).
        let mut signs = [if negated { 0xff } else { 0 }; MAX_COLUMNS];
        let half = int::halve(&odd);
        let mut limbs = half.iter();
        let (mut bits, mut left) = (0, 0);
        for tooth in 0..8 {
            for sign in signs.iter_mut().take(columns) {
                if left == 0 {
                    (bits, left) = (limbs.next().copied().unwrap_or(0), LIMB_BITS);
                }
                *sign ^= ((bits & 1) as u8) << tooth;
                bits >>= 1;
                left -= 1;
            }
        }
        if let Some(last) = signs.get_mut(columns.wrapping_sub(1)) {
            *last ^= 0x80;
        }
        Self(signs)
    }

    /// The signs of a column, bit by bit for each tooth.
    #[inline]
    pub fn column(&self, column: usize) -> u8 {
        self.0.get(column).copied().unwrap_or(0)
    }
}
