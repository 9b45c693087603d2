//! Montgomery multiplication on balanced digits held in pairs of exact floating-point words.
//!
//! A number of `2h` digits is `h` pairs: pair `k` holds the digits `k` and `k + h`. A product is
//! accumulated in `3h` pairs whose lanes overlap: the low lane of pair `k` counts for column `k`,
//! the high lane for column `k + h`. So one digit times a whole number is one [`Pair::splat`] and
//! `h` lane-wise products at consecutive places, with no shuffling.
//!
//! The modulus n is replaced by its multiple `N` that is −1 modulo the radix `B`, so that the
//! quotient digit of a reduction step is the column being cleared, as it is. With `R = B^(2h)` and
//! `N <= n·B <= R/4`, factors x and y of at most n·B come out as `|x·y + M·N| / R <= n·B/4 +
//! n·B/2 + 1`, which is below n·B again.

use alloc::vec::Vec;
use core::mem::replace;

use super::digits::Radix;
use super::rows::{Four, ROWS, below, beyond, body, head, part, rows, tail, triangle};
use super::simd::{Pair, Word};

/// A modulus prepared for Montgomery multiplication.
pub(crate) struct Modulus<P> {
    radix: Radix,
    /// The digits of `N`.
    digits: Vec<P>,
}

impl<P: Pair> Modulus<P> {
    /// Takes the digits of `N`, in a multiple of [`ROWS`] pairs, at least eight.
    pub(crate) fn new(radix: Radix, digits: Vec<P>) -> Self {
        Self { radix, digits }
    }

    /// The room [`Self::square`] and [`Self::multiply`] work in, cleared: they leave it so.
    pub(crate) fn accumulator(&self) -> Vec<P> {
        vec![P::zero(); 3 * self.digits.len()]
    }

    /// Replaces `x` by `x² / R`, up to a multiple of the modulus.
    pub(crate) fn square(&self, x: &mut [P], acc: &mut [P]) {
        square_half(acc, x, Lane::Low);
        square_half(part!(acc, self.digits.len()), x, Lane::High);
        self.relieve(acc);
        self.reduce(acc, x);
    }

    /// Replaces `x` by `x * y / R`, up to a multiple of the modulus.
    pub(crate) fn multiply(&self, x: &mut [P], y: &[P], acc: &mut [P]) {
        multiply_half(acc, x, y, Lane::Low);
        multiply_half(part!(acc, self.digits.len()), x, y, Lane::High);
        self.relieve(acc);
        self.reduce(acc, x);
    }

    /// Makes the columns of a product small enough for those of the reduction to be added.
    fn relieve(&self, acc: &mut [P]) {
        if self.digits.len() <= self.radix.pairs_without_relief() {
            return;
        }
        let mut carry = P::zero();
        for column in acc {
            let (digit, next) = column.split(&self.radix);
            *column = digit.plus(carry);
            carry = next;
        }
    }

    /// Adds multiples of the modulus until the lower half of all columns is zero, and puts the
    /// upper half into `x`.
    fn reduce(&self, acc: &mut [P], x: &mut [P]) {
        let half = self.digits.len();
        let Some((near, far)) = beyond(&self.digits, ROWS).split_at_checked(ROWS) else { return };
        let (mut factors, mut carry) = self.quotients(acc, 0, P::Word::from_f64(0.0));
        for block in 1..=half / ROWS * 2 {
            let next = block * ROWS;
            let window = head(part!(acc, next - ROWS), &self.digits, &factors);
            let window = body(part!(acc, next), near, &factors, window);
            // The columns of the next quotients are complete: the processor finds them while the
            // rest of the rows is under way.
            let quotients = (next < 2 * half).then(|| self.quotients(acc, next, carry));
            let window = body(part!(acc, next + ROWS), far, &factors, window);
            tail(part!(acc, next - ROWS + half), &factors, window);
            (factors, carry) = quotients.unwrap_or((factors, carry));
        }
        self.settle(acc, carry, x);
    }

    /// The quotient digits that clear the four columns from `start` on, and the carry they leave
    /// for the column after them. `carry` comes from the columns before.
    #[inline(always)]
    fn quotients(&self, acc: &[P], start: usize, carry: P::Word) -> (Four<P>, P::Word) {
        let radix = &self.radix;
        let [t0, t1, t2, t3] = first(beyond(acc, start));
        let (mut t0, mut t1, mut t2, mut t3) = (t0.low(), t1.low(), t2.low(), t3.low());
        let mut last = P::Word::from_f64(0.0);
        if let Some(below) = start.checked_sub(self.digits.len()) {
            // One lane is split first: the sum of both may be more than a word holds.
            let [u0, u1, u2, u3] = first(beyond(acc, below));
            let (d0, c0) = u0.high().split(radix);
            let (d1, c1) = u1.high().split(radix);
            let (d2, c2) = u2.high().split(radix);
            let (d3, c3) = u3.high().split(radix);
            t0 = t0.plus(d0);
            t1 = t1.plus(d1.plus(c0));
            t2 = t2.plus(d2.plus(c1));
            t3 = t3.plus(d3.plus(c2));
            last = c3;
        }
        let [_, n1, n2, n3] = first(&self.digits);
        let (n1, n2, n3) = (n1.low(), n2.low(), n3.low());
        let (m0, c) = t0.plus(carry).split(radix);
        let (m1, c) = t1.plus(m0.times(n1)).plus(c).split(radix);
        let (m2, c) = t2.plus(m0.times(n2)).plus(m1.times(n1)).plus(c).split(radix);
        let sum = t3.plus(m0.times(n3)).plus(m1.times(n2));
        let (m3, c) = sum.plus(m2.times(n1)).plus(c).split(radix);
        (splat([m0, m1, m2, m3]), c.plus(last))
    }

    /// Brings the upper half of the columns down to digits, and clears all columns. `carry` belongs
    /// to the first of the upper half.
    ///
    /// Carries are taken twice and not rippled: the digits may leave `±B/2` by the second carry.
    fn settle(&self, acc: &mut [P], carry: P::Word, x: &mut [P]) {
        let half = self.digits.len();
        let radix = &self.radix;
        let zero = P::Word::from_f64(0.0);
        let Some((done, upper)) = acc.split_at_mut_checked(half) else { return };
        let Some((low, high)) = upper.split_at_mut_checked(half) else { return };
        let once = |low: P, high: P| {
            let ((digit, carry), (more, carry_more)) = (high.split(radix), P::new(low.high(), zero).split(radix));
            (digit.plus(more), carry.plus(carry_more))
        };
        let pair = |pairs: &[P], k: usize| pairs.get(k).copied().unwrap_or(P::zero());
        // What the low lane's last column hands to the high lane's first.
        let (_, before) = once(pair(low, half - 2), pair(high, half - 2));
        let (digit, first) = once(pair(low, half - 1), pair(high, half - 1));
        let (_, second) = digit.plus(before).split(radix);
        let mut first = P::new(carry, first.low());
        let mut second = P::new(zero, second.low());
        for (((x, done), low), high) in x.iter_mut().zip(done).zip(low).zip(high) {
            *done = P::zero();
            let (digit, next) = once(replace(low, P::zero()), replace(high, P::zero()));
            let (digit, next_second) = digit.plus(first).split(radix);
            *x = digit.plus(second);
            (first, second) = (next, next_second);
        }
        // The value is less than R/4, so nothing is carried out of the last digit.
        debug_assert!(first.high().is_zero() && second.high().is_zero());
    }
}

/// The first four pairs.
#[inline(always)]
fn first<P: Pair>(pairs: &[P]) -> Four<P> {
    pairs.first_chunk().copied().unwrap_or([P::zero(); ROWS])
}

/// Four words, each in both lanes.
#[inline(always)]
fn splat<P: Pair>([a, b, c, d]: [P::Word; ROWS]) -> Four<P> {
    [P::splat(a), P::splat(b), P::splat(c), P::splat(d)]
}

/// One half of a number's digits.
#[derive(Clone, Copy)]
enum Lane {
    Low,
    High,
}

impl Lane {
    /// Four digits, each in both lanes.
    #[inline(always)]
    fn splat<P: Pair>(self, &[a, b, c, d]: &Four<P>) -> Four<P> {
        match self {
            Self::Low => splat([a.low(), b.low(), c.low(), d.low()]),
            Self::High => splat([a.high(), b.high(), c.high(), d.high()]),
        }
    }
}

/// Adds half the rows of a square, those whose factors are in one lane. Each product of two
/// different digits of the lane is taken once and doubled.
#[inline(always)]
fn square_half<P: Pair>(acc: &mut [P], x: &[P], lane: Lane) {
    let mut start = 0;
    for own in x.as_chunks().0 {
        let single = lane.splat(own);
        let double = doubled(&single);
        if start > 0 {
            rows(part!(acc, start), below(x, start), &double);
        }
        triangle(part!(acc, 2 * start), own, &single, &double);
        start += ROWS;
    }
}

/// Adds half the rows of a product, those whose factors are in one lane of `y`.
#[inline(never)]
fn multiply_half<P: Pair>(acc: &mut [P], x: &[P], y: &[P], lane: Lane) {
    let mut start = 0;
    for own in y.as_chunks().0 {
        rows(part!(acc, start), x, &lane.splat(own));
        start += ROWS;
    }
}

/// Twice each.
#[inline(always)]
fn doubled<P: Pair>([a, b, c, d]: &Four<P>) -> Four<P> {
    [a.plus(*a), b.plus(*b), c.plus(*c), d.plus(*d)]
}
