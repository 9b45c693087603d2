//! Products and squares of digit vectors, unrolled: where the time goes.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::word::{DIGIT_BITS, Word};
use core::array::from_fn;

/// Runs `$body` with `$i` set to each number below `$end` (at most 22, or 44): a loop that is always unrolled.
macro_rules! unroll {
    ($end:expr, $i:ident, $body:block) => {
        unroll!(@ $end, $i, $body, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21)
    };
    (44, $end:expr, $i:ident, $body:block) => {
        unroll!(@ $end, $i, $body, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
            22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43)
    };
    (@ $end:expr, $i:ident, $body:block, $($value:literal)*) => {
        $(if $value < $end {
            let $i: usize = $value;
            $body
        })*
    };
}
pub(crate) use unroll;

/// The column sums of a product, low half and high half; the topmost column is zero.
pub type Wide<W, const N: usize> = [[W; N]; 2];

/// Adds to column `k`, below 2 N.
#[inline(always)]
pub fn add_to<W: Word, const N: usize>(t: &mut Wide<W, N>, k: usize, value: W) {
    let (half, k) = (k / N % 2, k % N);
    t[half][k] = t[half][k].add(value);
}

/// How a field reduces, as opposed to how the group law uses it ([`super::field::Field`]).
pub trait Reduce<W, const N: usize> {
    /// The residue of column sums, in reduced digits.
    fn fold(out: &mut [W; N], columns: &Wide<W, N>);
}

/// The columns of `a * b`; one copy serves all fields of as many digits.
#[inline(never)]
pub fn mul<W: Word, const N: usize>(a: &[W; N], b: &[W; N]) -> Wide<W, N> {
    let mut t = [[W::splat(0.0); N]; 2];
    unroll!(44, 2 * N - 1, k, {
        let mut sum = W::splat(0.0);
        unroll!(N, i, {
            if i <= k && k - i < N {
                let product = a[i].mul(b[k - i]);
                // The first product of a column is not added to anything.
                let first = i == 0 || k - i == N - 1;
                sum = if first { product } else { sum.add(product) };
            }
        });
        t[k / N][k % N] = sum;
    });
    t
}

/// The columns of `a^2`.
#[inline(never)]
pub fn sqr<W: Word, const N: usize>(a: &[W; N]) -> Wide<W, N> {
    let twice: [W; N] = from_fn(|i| a[i].add(a[i]));
    let mut t = [[W::splat(0.0); N]; 2];
    unroll!(44, 2 * N - 1, k, {
        let mut sum = W::splat(0.0);
        unroll!(N, i, {
            if i <= k && k - i < N && i <= k - i {
                let product = a[i].mul(if i == k - i { a[i] } else { twice[k - i] });
                let first = i == 0 || k - i == N - 1;
                sum = if first { product } else { sum.add(product) };
            }
        });
        t[k / N][k % N] = sum;
    });
    t
}

/// `t[k] <- low half of t[k] + high half of t[k - 1]` for `N` columns at once: a carry that does not ripple.
/// Returns what the last column gives.
#[inline(always)]
pub fn carry_step<W: Word, const N: usize>(t: &mut [W; N], below: W) -> W {
    let mut carry = below;
    unroll!(N, k, {
        let (low, high) = t[k].split::<DIGIT_BITS>();
        t[k] = low.add(carry);
        carry = high;
    });
    carry
}

/// Folds columns whose high half counts `wrap` times in the low one, and carries once.
#[inline(always)]
pub fn fold_wrapped<W: Word, const N: usize>(columns: &Wide<W, N>, wrap: f64) -> [W; N] {
    let [mut low, mut high] = *columns;
    let carry = carry_step(&mut low, W::splat(0.0));
    carry_step(&mut high, carry);
    let mut sums = from_fn(|k| low[k].add(high[k].mul(W::splat(wrap))));
    carry_wrapped(&mut sums, wrap);
    sums
}

/// One carry; what leaves the topmost digit counts `wrap` times in the lowest.
#[inline(always)]
pub fn carry_wrapped<W: Word, const N: usize>(t: &mut [W; N], wrap: f64) {
    let carry = carry_step(t, W::splat(0.0));
    t[0] = t[0].add(carry.mul(W::splat(wrap)));
}

/// Implements [`super::field::Field`] for a field of `$n` digits which implements [`Reduce`] and has a function
/// `carry_all` on its digits.
macro_rules! field {
    ($name:ident, $n:literal) => {
        impl<W: Word> Field<W> for $name {
            fn digits(&self) -> usize {
                $n
            }
            #[inline(never)]
            fn mul(&self, out: &mut Element<W>, a: &Element<W>, b: &Element<W>) {
                if let (Some(out), Some(a), Some(b)) = (out.first_chunk_mut(), a.first_chunk(), b.first_chunk()) {
                    Self::fold(out, &product::mul::<W, $n>(a, b));
                }
            }
            #[inline(never)]
            fn sqr(&self, out: &mut Element<W>, a: &Element<W>) {
                if let (Some(out), Some(a)) = (out.first_chunk_mut(), a.first_chunk()) {
                    Self::fold(out, &product::sqr::<W, $n>(a));
                }
            }
            #[inline(never)]
            fn carry(&self, a: &mut Element<W>) {
                if let Some(digits) = a.first_chunk_mut() {
                    carry_all(digits);
                }
            }
        }
    };
}
pub(crate) use field;
