//! Products modulo any of the primes, in Montgomery form.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::column::Column;
use super::int::{self, Int, LIMBS, Modulus};

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
    let top = modulus.limbs.saturating_sub(1).min(LIMBS - 1);
    for &digit in a.iter().take(top + 1) {
        let sum = t[0].add_product(digit, b[0]);
        let q = sum.quotient(modulus.inverse);
        let mut carry = sum.sub_product(q, C::new(modulus.value[0])).carry();
        for j in 1..=top {
            let sum = carry.add(t[j]).add_product(digit, b[j]);
            let sum = sum.sub_product(q, C::new(modulus.value[j]));
            t[j - 1] = sum.limb();
            carry = sum.carry();
        }
        t[top] = carry;
    }
}
