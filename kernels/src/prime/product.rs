//! Products and squares of digit vectors, unrolled: where the time goes.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

use super::word::{DIGIT_BITS, Word};
use core::mem::MaybeUninit;

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

/// Subtracts from column `k`, below 2 N.
#[inline(always)]
pub fn subtract_from<W: Word, const N: usize>(t: &mut Wide<W, N>, k: usize, value: W) {
    let (half, k) = (k / N % 2, k % N);
    t[half][k] = t[half][k].sub(value);
}

/// How a field reduces, as opposed to how the group law uses it ([`super::field::Field`]).
pub trait Reduce<W, const N: usize> {
    /// The residue of column sums, in reduced digits.
    fn fold(out: &mut [W; N], columns: &Wide<W, N>);
}

/// Room for column sums. It is not cleared: for every product that would take time.
pub struct Room<W, const N: usize>([[MaybeUninit<W>; N]; 2]);

impl<W: Word, const N: usize> Room<W, N> {
    /// Empty room.
    #[inline(always)]
    pub fn new() -> Self {
        Self([const { [const { MaybeUninit::uninit() }; N] }; 2])
    }

    /// Sets all columns to what `sum` gives for them.
    #[allow(unsafe_code)]
    #[inline(always)]
    fn fill(&mut self, sum: impl Fn(usize) -> W) -> &mut Wide<W, N> {
        unroll!(44, 2 * N, k, {
            self.0[k / N % 2][k % N].write(sum(k));
        });
        const { assert!(2 * N <= 44, "what is unrolled") };
        // SAFETY: each of the 2 N columns has just been written, 2 N being at most 44, and `MaybeUninit<W>` is laid out
        // as `W` is.
        unsafe { &mut *(&raw mut self.0).cast() }
    }
}

/// Numbers of so many digits are multiplied column by column. Of longer ones too few digits stay in registers for that.
const SHORT: usize = 11;

/// So many digits of a long number are multiplied with all of another: they, and as many of the other one, stay in
/// registers.
const BAND: usize = 4;

/// The longest numbers that have a square of their own. For longer ones it would be a kilobyte, and 1 % of ES512.
const SQUARED: usize = 16;

/// The columns of `a * b`; one copy serves all fields of as many digits.
#[inline(never)]
pub fn mul<'a, W: Word, const N: usize>(room: &'a mut Room<W, N>, a: &[W; N], b: &[W; N]) -> &'a Wide<W, N> {
    if N > SHORT {
        return mul_in_bands(room, a, b);
    }
    room.fill(
        #[inline(always)]
        |k| {
            let mut sum = W::splat(0.0);
            unroll!(N, i, {
                if i <= k && k - i < N {
                    let product = a[i].mul(b[k - i]);
                    // The first product of a column is not added to anything.
                    let first = i == 0 || k - i == N - 1;
                    sum = if first { product } else { sum.add(product) };
                }
            });
            sum
        },
    )
}

#[inline(always)]
fn mul_in_bands<'a, W: Word, const N: usize>(room: &'a mut Room<W, N>, a: &[W; N], b: &[W; N]) -> &'a Wide<W, N> {
    let wide = room.fill(|_| W::splat(0.0));
    let mut columns = wide.as_flattened_mut();
    let (bands, rest) = a.as_chunks();
    for band in bands {
        add_band::<W, BAND, N>(columns, band, b);
        columns = columns.get_mut(BAND..).unwrap_or_default();
    }
    const { assert!(N <= SHORT || matches!(N % BAND, 0 | 2), "nothing is left over") };
    if let Some(rest) = rest.first_chunk() {
        add_band::<W, 2, N>(columns, rest, b);
    }
    wide
}

/// Adds the product of a few digits and a number. The columns from `N - 1` on have nothing in them yet.
#[inline(never)]
fn add_band<W: Word, const I: usize, const N: usize>(columns: &mut [W], a: &[W; I], b: &[W; N]) {
    let Some(columns) = columns.get_mut(..N + I - 1) else { return };
    unroll!(44, N + I - 1, k, {
        let mut sum = columns[k];
        unroll!(I, i, {
            if i <= k && k - i < N {
                let product = a[i].mul(b[k - i]);
                sum = if k - i == N - 1 { product } else { sum.add(product) };
            }
        });
        columns[k] = sum;
    });
}

/// The columns of `a^2`.
#[inline(never)]
pub fn sqr<'a, W: Word, const N: usize>(room: &'a mut Room<W, N>, a: &[W; N]) -> &'a Wide<W, N> {
    if N > SQUARED {
        return mul(room, a, a);
    }
    let mut twice = *a;
    unroll!(N, i, {
        twice[i] = a[i].add(a[i]);
    });
    room.fill(
        #[inline(always)]
        |k| {
            let mut sum = W::splat(0.0);
            unroll!(N, i, {
                if i <= k && k - i < N && i <= k - i {
                    let product = a[i].mul(if i == k - i { a[i] } else { twice[k - i] });
                    let first = i == 0 || k - i == N - 1;
                    sum = if first { product } else { sum.add(product) };
                }
            });
            sum
        },
    )
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

/// Digits in a run of [`carry_runs`].
const RUN: usize = 4;

/// Carries from digit to digit in runs of four, all runs at once, and from the last of a run to the first of the next,
/// which [`carry_heads`] has to carry once more. Returns what the last digit gives. For columns of any size this takes
/// the place of two carry steps.
#[inline(always)]
pub fn carry_runs<W: Word, const N: usize>(t: &mut [W; N]) -> W {
    let mut carries = [W::splat(0.0); 6];
    unroll!(4, place, {
        unroll!(6, run, {
            let k = RUN * run + place;
            if k < N {
                let sum = if place == 0 { t[k] } else { t[k].add(carries[run]) };
                (t[k], carries[run]) = sum.split::<DIGIT_BITS>();
            }
        });
    });
    unroll!(6, run, {
        if 0 < run && RUN * run < N {
            t[RUN * run] = t[RUN * run].add(carries[run - 1]);
        }
    });
    carries[(N - 1) / RUN]
}

/// A carry of the first digit of each run.
#[inline(always)]
pub fn carry_heads<W: Word, const N: usize>(t: &mut [W; N]) {
    unroll!(6, run, {
        let k = RUN * run;
        if k + 1 < N {
            let (low, high) = t[k].split::<DIGIT_BITS>();
            t[k] = low;
            t[k + 1] = t[k + 1].add(high);
        }
    });
}

/// Carries from column to column of the high half, and into it, once. The low half keeps its columns but the topmost.
#[inline(always)]
pub fn carry_high<W: Word, const N: usize>([low, high]: &mut Wide<W, N>) {
    let (digit, carry) = low[N - 1].split::<DIGIT_BITS>();
    low[N - 1] = digit;
    carry_step(high, carry);
}

/// Folds columns whose high half counts `wrap` times in the low one.
#[inline(always)]
pub fn fold_wrapped<W: Word, const N: usize>(columns: &Wide<W, N>, wrap: f64) -> [W; N] {
    let mut t = *columns;
    carry_high(&mut t);
    let [low, high] = t;
    let mut sums = low;
    unroll!(N, k, {
        sums[k] = low[k].add(high[k].mul(W::splat(wrap)));
    });
    let carry = carry_runs(&mut sums);
    sums[0] = sums[0].add(carry.mul(W::splat(wrap)));
    carry_heads(&mut sums);
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
                    Self::fold(out, product::mul(&mut product::Room::new(), a, b));
                }
            }
            #[inline(never)]
            fn sqr(&self, out: &mut Element<W>, a: &Element<W>) {
                if let (Some(out), Some(a)) = (out.first_chunk_mut(), a.first_chunk()) {
                    Self::fold(out, product::sqr(&mut product::Room::new(), a));
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
