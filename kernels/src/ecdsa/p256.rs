//! P-256 (FIPS 186-5, SP 800-186 3.2.1.3): eleven digits in Montgomery form with R = 2^264.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::curve::{Curve, Text};
use crate::curves::Curve as CurveName;
use crate::curves::constants;
use crate::prime::field::{Element, Field};
use crate::prime::product::{self, Reduce, Wide, add_to, carry_heads, carry_runs, carry_step, field, unroll};
use crate::prime::word::{MIDDLE, Word};

/// The field modulo p = 2^256 - 2^224 + 2^192 + 2^96 - 1.
pub struct Field256;

impl<W: Word> Reduce<W, 11> for Field256 {
    #[inline(never)]
    fn fold(out: &mut [W; 11], columns: &Wide<W, 11>) {
        let mut t = *columns;
        let [digits @ .., next, _, _] = &mut t[0];
        *next = next.add(carry_step(digits, W::splat(0.0)));
        // p = -1 modulo 2^96, so four digits at a time are cleared by adding themselves times p.
        clear::<W, 0, 4>(&mut t);
        clear::<W, 4, 8>(&mut t);
        let [[.., a, b, c], [next, ..]] = &mut t;
        let mut rest = [*a, *b, *c];
        *next = next.add(carry_step(&mut rest, W::splat(0.0)));
        [*a, *b, *c] = rest;
        clear::<W, 8, 11>(&mut t);
        let [_, mut high] = t;
        // The topmost digit keeps what it gets.
        let [digits @ .., top] = &mut high;
        *top = top.add(carry_runs(digits));
        carry_heads(digits);
        *out = high;
    }
}

/// One carry, what the topmost digit has beyond its 16 bits folded: 2^256 = 2^224 - 2^192 - 2^96 + 1.
#[inline(always)]
fn carry_all<W: Word>(t: &mut [W; 11]) {
    let (top, h) = t[10].split::<16>();
    t[10] = top;
    t[9] = t[9].add(h.mul(W::splat(MIDDLE)));
    t[8] = t[8].sub(h);
    t[4] = t[4].sub(h);
    t[0] = t[0].add(h);
    // The topmost digit keeps what it gets.
    let [digits @ .., top] = t;
    *top = top.add(carry_step(digits, W::splat(0.0)));
}

/// Adds `m p 2^(24 k)` for the digits m of column k, `FROM <= k < TO`, which makes these columns zero.
#[inline(always)]
fn clear<W: Word, const FROM: usize, const TO: usize>(t: &mut Wide<W, 11>) {
    let minus = W::splat(-MIDDLE);
    unroll!(11, k, {
        if FROM <= k && k < TO {
            let m = t[0][k];
            let m8 = m.mul(minus);
            add_to(t, k + 4, m);
            add_to(t, k + 8, m);
            add_to(t, k + 9, m8);
            add_to(t, k + 10, m8.mul(minus));
        }
    });
}

field!(Field256, 11);

/// The curve.
pub static P256: Curve = Curve::new(
    &Field256,
    256,
    8,
    264,
    &Text {
        equation: constants(CurveName::P256),
        x: "6b17d1f2 e12c4247 f8bce6e5 63a440f2 77037d81 2deb33a0 f4a13945 d898c296",
        y: "4fe342e2 fe1a7f9b 8ee7eb4a 7c0f9e16 2bce3357 6b315ece cbb64068 37bf51f5",
    },
);
