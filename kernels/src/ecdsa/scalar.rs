//! Arithmetic modulo the group order n: what ECDSA verification does with the digest and the signature.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::column::Column;
use super::int::{self, Int, LIMB_BITS, LIMBS, Modulus};

/// `a * b / 2^(30 limbs) mod modulus`, for `0 <= a, b < modulus`.
pub fn montgomery(a: &Int, b: &Int, modulus: &Modulus) -> Int {
    let mut product = [0; LIMBS];
    multiply(&mut product, &int::widen(a), &int::widen(b), modulus);
    let result = int::from_wide(&product);
    if int::is_negative(&result) { int::combine(&result, &modulus.value, 1) } else { result }
}

/// Sets `t`, which is zero, to the product above before its sign is mended: between `-modulus` and `modulus`.
#[inline(never)]
pub fn multiply<C: Column>(t: &mut [C; LIMBS], a: &[C; LIMBS], b: &[C; LIMBS], modulus: &Modulus) {
    let limbs = modulus.limbs.clamp(1, LIMBS);
    let top = limbs - 1;
    for &digit in a.iter().take(limbs) {
        let sum = t[0].add_product(digit, b[0]);
        let q = sum.quotient(modulus.inverse);
        let mut carry = sum.sub_product(q, C::new(modulus.value[0])).carry();
        for j in 1..limbs {
            let sum = carry.add(t[j]).add_product(digit, b[j]);
            let sum = sum.sub_product(q, C::new(modulus.value[j]));
            t[j - 1] = sum.limb();
            carry = sum.carry();
        }
        t[top] = carry;
    }
}

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
pub const MAX_COLUMNS: usize = 66;

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
        let mut bits = half.iter().take(order.limbs).flat_map(|limb| (0..LIMB_BITS).map(move |i| limb >> i & 1));
        for tooth in 0..8 {
            for (sign, bit) in signs.iter_mut().take(columns).zip(&mut bits) {
                *sign ^= (bit as u8) << tooth;
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
