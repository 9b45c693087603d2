//! P-384 (FIPS 186-5, SP 800-186 3.2.1.4): sixteen digits, exactly 384 bits.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::curve::{Curve, Text};
use crate::curves::Curve as CurveName;
use crate::curves::constants;
use crate::prime::field::{Element, Field};
use crate::prime::product::{
    self, Reduce, Wide, add_to, carry_heads, carry_high, carry_runs, carry_step, field, subtract_from, unroll,
};
use crate::prime::word::{MIDDLE, Word};

/// The field modulo p = 2^384 - 2^128 - 2^96 + 2^32 - 1.
pub struct Field384;

impl<W: Word> Reduce<W, 16> for Field384 {
    #[inline(never)]
    fn fold(out: &mut [W; 16], columns: &Wide<W, 16>) {
        let mut t = *columns;
        carry_high(&mut t);
        // 2^384 = 2^128 + 2^96 - 2^32 + 1, from the top so that what lands in the high half is folded in its turn.
        let middle = W::splat(MIDDLE);
        unroll!(16, i, {
            let k = 15 - i;
            let h = t[1][k];
            let h8 = h.mul(middle);
            add_to(&mut t, k + 5, h8);
            add_to(&mut t, k + 4, h);
            subtract_from(&mut t, k + 1, h8);
            add_to(&mut t, k, h);
        });
        let [mut low, _] = t;
        let carry = carry_runs(&mut low);
        wrap(&mut low, carry);
        carry_heads(&mut low);
        *out = low;
    }
}

/// One carry, the topmost one folded.
#[inline(always)]
fn carry_all<W: Word>(t: &mut [W; 16]) {
    let carry = carry_step(t, W::splat(0.0));
    wrap(t, carry);
}

/// Folds what leaves the topmost digit.
#[inline(always)]
fn wrap<W: Word>(t: &mut [W; 16], h: W) {
    let h8 = h.mul(W::splat(MIDDLE));
    t[0] = t[0].add(h);
    t[1] = t[1].sub(h8);
    t[4] = t[4].add(h);
    t[5] = t[5].add(h8);
}

field!(Field384, 16);

/// The curve.
pub static P384: Curve = Curve::new(
    &Field384,
    384,
    12,
    0,
    &Text {
        equation: constants(CurveName::P384),
        x: "aa87ca22 be8b0537 8eb1c71e f320ad74 6e1d3b62 8ba79b98 59f741e0 82542a38 5502f25d bf55296c 3a545e38 72760ab7",
        y: "3617de4a 96262c6f 5d9e98bf 9292dc29 f8f41dbd 289a147c e9da3113 b5f0b8c0 0a60b1ce 1d7e819d 7a431d7c 90ea0e5f",
    },
);
