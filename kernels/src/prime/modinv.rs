//! Modular inversion by the division steps of Bernstein and Yang ("Fast constant-time gcd computation and modular
//! inversion", 2019), in variable time: everything here is public.
//!
//! Thirty steps at a time look only at the low limbs of `f` and `g` and are collected in a 2x2 matrix, which is then
//! applied to `f, g`, which lose limbs as they go, and, modulo the modulus, to the cofactors `d, e`.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::column::Column;
use super::int::{Int, LIMB_BITS, LIMBS, Modulus, combine, from_wide, is_negative, widen};

/// `modulus.factor / a mod modulus` for `0 <= a < modulus`; 0 for `a = 0`.
pub fn divide(a: &Int, modulus: &Modulus) -> Int {
    let (mut f, mut g) = (widen(&modulus.value), widen(a));
    let (mut d, mut e) = ([0; LIMBS], widen(&modulus.factor));
    let (mut eta, mut limbs) = (-1, modulus.limbs);
    while g.iter().any(|&limb| limb != 0) {
        let steps = collect(&mut eta, f[0] as i32, g[0] as i32).map(i64::from);
        advance(&mut f, &mut g, &steps, limbs);
        advance_modular(&mut d, &mut e, &steps, modulus);
        limbs = shorten(&mut f, &mut g, limbs);
    }
    // Now f = ±1 (or the modulus, if a = 0) and d = ±factor/a, between -2 * modulus and modulus.
    let mut result = from_wide(&d);
    for negate in [is_negative(&from_wide(&f)), false] {
        if is_negative(&result) {
            result = combine(&result, &modulus.value, 1);
        }
        if negate {
            result = combine(&[0; LIMBS], &result, -1);
        }
    }
    result
}

/// How many limbs `f` and `g` need. Topmost limbs that are only a sign in both give it to those below.
#[inline(always)]
fn shorten(f: &mut [i64; LIMBS], g: &mut [i64; LIMBS], limbs: usize) -> usize {
    let mut limbs = limbs.min(LIMBS);
    while limbs > 1 {
        let top = limbs - 1;
        if [f[top], g[top]].iter().any(|&limb| limb != limb >> 63) {
            break;
        }
        for number in [&mut *f, &mut *g] {
            number[top - 1] |= number[top] << LIMB_BITS;
            number[top] = 0;
        }
        limbs = top;
    }
    limbs
}

/// The matrix of the next thirty division steps, from the low limbs of `f` (odd) and `g`:
/// `(f, g) <- (m[0] f + m[1] g, m[2] f + m[3] g) / 2^30`.
#[inline(always)]
fn collect(eta: &mut i32, f: i32, g: i32) -> [i32; 4] {
    let (mut f, mut g) = (f, g);
    // The rows of the matrix, each in one word: `m[0] + m[1] 2^32` and `m[2] + m[3] 2^32`.
    let (mut upper, mut lower) = (1i64, 1i64 << 32);
    let mut left = LIMB_BITS as i32;
    loop {
        // As many halvings of g as it has factors of two; the upper row grows instead of the lower one shrinking.
        let zeros = (g | (-1 << left)).trailing_zeros() as i32;
        g >>= zeros;
        upper <<= zeros;
        *eta -= zeros;
        left -= zeros;
        if left == 0 {
            let high = |row: i64| ((row - i64::from(row as i32)) >> 32) as i32;
            return [upper as i32, high(upper), lower as i32, high(lower)];
        }
        if *eta < 0 {
            *eta = -*eta;
            (f, g) = (g, f.wrapping_neg());
            (upper, lower) = (lower, -upper);
        }
        // Add the multiple of f that clears as many low bits of g as stay before the next exchange, at most six:
        // -1/f modulo 64 is f (f^2 - 2).
        let clear = (*eta + 1).min(left).min(6);
        let inverse = f.wrapping_mul(f.wrapping_mul(f).wrapping_sub(2));
        let multiple = g.wrapping_mul(inverse) & ((1 << clear) - 1);
        g = g.wrapping_add(f.wrapping_mul(multiple));
        lower += upper * i64::from(multiple);
    }
}

/// `(f, g) <- steps (f, g) / 2^30` for numbers of so many limbs; the division is exact.
#[inline(always)]
pub fn advance<C: Column>(f: &mut [C; LIMBS], g: &mut [C; LIMBS], steps: &[C; 4], limbs: usize) {
    let [u, v, q, r] = *steps;
    let n = limbs.clamp(1, LIMBS);
    let (f, g) = (&mut f[..n], &mut g[..n]);
    let mut cf = C::new(0).add_product(u, f[0]).add_product(v, g[0]).carry();
    let mut cg = C::new(0).add_product(q, f[0]).add_product(r, g[0]).carry();
    for i in 1..n {
        cf = cf.add_product(u, f[i]).add_product(v, g[i]);
        cg = cg.add_product(q, f[i]).add_product(r, g[i]);
        f[i - 1] = cf.limb();
        g[i - 1] = cg.limb();
        cf = cf.carry();
        cg = cg.carry();
    }
    f[n - 1] = cf;
    g[n - 1] = cg;
}

/// `(d, e) <- steps (d, e) / 2^30 mod modulus`, both kept between `-2 * modulus` and `modulus`.
#[inline(always)]
pub fn advance_modular<C: Column>(d: &mut [C; LIMBS], e: &mut [C; LIMBS], steps: &[C; 4], modulus: &Modulus) {
    let [u, v, q, r] = *steps;
    let n = modulus.limbs.clamp(1, LIMBS);
    let (d, e, modulus_limbs) = (&mut d[..n], &mut e[..n], &modulus.value[..n]);
    // Adding the modulus once for each negative input keeps the range.
    let (sd, se) = (d[n - 1].sign(), e[n - 1].sign());
    let mut md = u.masked(sd).add(v.masked(se));
    let mut me = q.masked(sd).add(r.masked(se));
    let m = C::new(modulus_limbs[0]);
    let cd = C::new(0).add_product(u, d[0]).add_product(v, e[0]);
    let ce = C::new(0).add_product(q, d[0]).add_product(r, e[0]);
    md = md.sub(cd.add_product(md, m).quotient(modulus.inverse));
    me = me.sub(ce.add_product(me, m).quotient(modulus.inverse));
    let mut cd = cd.add_product(md, m).carry();
    let mut ce = ce.add_product(me, m).carry();
    for i in 1..n {
        let m = C::new(modulus_limbs[i]);
        cd = cd.add_product(u, d[i]).add_product(v, e[i]).add_product(md, m);
        ce = ce.add_product(q, d[i]).add_product(r, e[i]).add_product(me, m);
        d[i - 1] = cd.limb();
        e[i - 1] = ce.limb();
        cd = cd.carry();
        ce = ce.carry();
    }
    d[n - 1] = cd;
    e[n - 1] = ce;
}
