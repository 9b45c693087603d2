//! The inner loops: four digits times a whole number, added to an accumulator.
//!
//! Four digits are four *rows* of the schoolbook product, each one place further up than the one
//! before. They go through the accumulator together.

use super::simd::Pair;

/// What begins at a place of an accumulator. All places are there; if one were not, the function
/// would end without a panic.
macro_rules! part {
    ($acc:expr, $place:expr) => {
        match $acc.get_mut($place..) {
            Some(part) => part,
            None => return,
        }
    };
}
pub(super) use part;

/// Rows that go through the accumulator together.
pub(super) const ROWS: usize = 4;

/// Four factors or four pairs of a number.
pub(super) type Four<P> = [P; ROWS];

/// The last three pairs of a number that a pass has read, the latest first.
pub(super) type Window<P> = [P; ROWS - 1];

/// Adds four rows: `number` times each factor.
#[inline(always)]
pub(super) fn rows<P: Pair>(acc: &mut [P], number: &[P], factors: &Four<P>) {
    let window = head(acc, number, factors);
    let window = body(part!(acc, ROWS), beyond(number, ROWS), factors, window);
    tail(part!(acc, number.len()), factors, window);
}

/// The first four pairs of four rows.
#[inline(always)]
pub(super) fn head<P: Pair>(acc: &mut [P], number: &[P], m: &Four<P>) -> Window<P> {
    let (Some(t), Some(&[v0, v1, v2, v3])) = (acc.first_chunk_mut::<4>(), number.first_chunk()) else {
        return [P::zero(); ROWS - 1];
    };
    t[0] = t[0].plus(m[0].times(v0));
    t[1] = t[1].plus(m[0].times(v1)).plus(m[1].times(v0));
    t[2] = t[2].plus(m[0].times(v2)).plus(m[1].times(v1)).plus(m[2].times(v0));
    let sum = t[3].plus(m[0].times(v3)).plus(m[1].times(v2));
    t[3] = sum.plus(m[2].times(v1)).plus(m[3].times(v0));
    [v3, v2, v1]
}

/// The pairs of four rows in whose places all four count.
#[inline(always)]
pub(super) fn body<P: Pair>(acc: &mut [P], number: &[P], m: &Four<P>, [mut a, mut b, mut c]: Window<P>) -> Window<P> {
    let places = acc.as_chunks_mut::<4>().0.iter_mut();
    for (t, &[v0, v1, v2, v3]) in places.zip(number.as_chunks().0) {
        let sum = t[0].plus(m[0].times(v0)).plus(m[1].times(a));
        t[0] = sum.plus(m[2].times(b)).plus(m[3].times(c));
        let sum = t[1].plus(m[0].times(v1)).plus(m[1].times(v0));
        t[1] = sum.plus(m[2].times(a)).plus(m[3].times(b));
        let sum = t[2].plus(m[0].times(v2)).plus(m[1].times(v1));
        t[2] = sum.plus(m[2].times(v0)).plus(m[3].times(a));
        let sum = t[3].plus(m[0].times(v3)).plus(m[1].times(v2));
        t[3] = sum.plus(m[2].times(v1)).plus(m[3].times(v0));
        [a, b, c] = [v3, v2, v1];
    }
    [a, b, c]
}

/// The three places that four rows reach beyond the pairs of the number.
#[inline(always)]
pub(super) fn tail<P: Pair>(acc: &mut [P], m: &Four<P>, [a, b, c]: Window<P>) {
    if let Some(t) = acc.first_chunk_mut::<3>() {
        t[0] = t[0].plus(m[1].times(a)).plus(m[2].times(b)).plus(m[3].times(c));
        t[1] = t[1].plus(m[2].times(a)).plus(m[3].times(b));
        t[2] = t[2].plus(m[3].times(a));
    }
}

/// The products of four digits with each other: `own` times each factor, but of two products
/// that are equal one only, doubled.
#[inline(always)]
pub(super) fn triangle<P: Pair>(acc: &mut [P], &[x0, x1, x2, x3]: &Four<P>, single: &Four<P>, double: &Four<P>) {
    let Some(t) = acc.first_chunk_mut::<7>() else { return };
    t[0] = t[0].plus(single[0].times(x0));
    t[1] = t[1].plus(double[1].times(x0));
    t[2] = t[2].plus(double[2].times(x0)).plus(single[1].times(x1));
    t[3] = t[3].plus(double[3].times(x0)).plus(double[2].times(x1));
    t[4] = t[4].plus(double[3].times(x1)).plus(single[2].times(x2));
    t[5] = t[5].plus(double[3].times(x2));
    t[6] = t[6].plus(single[3].times(x3));
}

/// What comes before a place; nothing if it is not there.
#[inline(always)]
pub(super) fn below<T>(slice: &[T], place: usize) -> &[T] {
    slice.get(..place).unwrap_or_default()
}

/// What begins at a place.
#[inline(always)]
pub(super) fn beyond<T>(slice: &[T], place: usize) -> &[T] {
    slice.get(place..).unwrap_or_default()
}
