//! Proof that nothing is ever rounded: the arithmetic run on intervals.
//!
//! An [`Interval`] holds the least and the greatest value a word can have; every operation fails
//! if its result could leave ±2^53, within which `f64` holds every integer. The digits that go in
//! are as wide as the arithmetic may give them, and those that come out have to lie within what
//! went in, so the proof covers any number of operations.

use crate::rsa::digits::{Layout, Radix};
use crate::rsa::montgomery::Modulus;
use crate::rsa::simd::{Pair, Word};

const EXACT: f64 = (1u64 << 53) as f64;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Interval {
    least: f64,
    greatest: f64,
}

impl Interval {
    fn new(least: f64, greatest: f64) -> Self {
        assert!(-EXACT <= least && least <= greatest && greatest <= EXACT, "{least} to {greatest}");
        Self { least, greatest }
    }

    fn around_zero(limit: f64) -> Self {
        Self::new(-limit, limit)
    }

    fn within(self, other: Self) -> bool {
        other.least <= self.least && self.greatest <= other.greatest
    }
}

impl Word for Interval {
    fn from_f64(value: f64) -> Self {
        Self::new(value, value)
    }
    fn plus(self, other: Self) -> Self {
        Self::new(self.least + other.least, self.greatest + other.greatest)
    }
    fn times(self, other: Self) -> Self {
        let ends = [
            self.least * other.least,
            self.least * other.greatest,
            self.greatest * other.least,
            self.greatest * other.greatest,
        ];
        Self::new(ends.into_iter().fold(f64::MAX, f64::min), ends.into_iter().fold(f64::MIN, f64::max))
    }
    fn split(self, radix: &Radix) -> (Self, Self) {
        // The constant that rounds does so for anything below 2^51 · B, so for all exact values.
        assert!(radix.round == 1.5 * (1u64 << 52) as f64 / radix.inverse);
        let carry = Self::new((self.least * radix.inverse - 0.5).ceil(), (self.greatest * radix.inverse + 0.5).floor());
        if carry.is_zero() {
            return (self, carry);
        }
        (Self::around_zero(0.5 / radix.inverse), carry)
    }
    fn is_zero(self) -> bool {
        self.least == 0.0 && self.greatest == 0.0
    }
}

#[derive(Clone, Copy)]
struct Intervals(Interval, Interval);

impl Pair for Intervals {
    type Word = Interval;
    fn new(low: Interval, high: Interval) -> Self {
        Self(low, high)
    }
    fn splat(word: Interval) -> Self {
        Self(word, word)
    }
    fn low(self) -> Interval {
        self.0
    }
    fn high(self) -> Interval {
        self.1
    }
    fn plus(self, other: Self) -> Self {
        Self(self.0.plus(other.0), self.1.plus(other.1))
    }
    fn times(self, other: Self) -> Self {
        Self(self.0.times(other.0), self.1.times(other.1))
    }
    fn split(self, radix: &Radix) -> (Self, Self) {
        let ((d0, c0), (d1, c1)) = (self.0.split(radix), self.1.split(radix));
        (Self(d0, d1), Self(c0, c1))
    }
}

/// Numbers with digits up to `digit` and a highest one up to `top`.
fn numbers(layout: &Layout, digit: f64, top: f64) -> Vec<Intervals> {
    let digit = Interval::around_zero(digit);
    let mut pairs = vec![Intervals(digit, digit); layout.half];
    pairs[layout.half - 1].1 = Interval::around_zero(top);
    pairs
}

#[test]
fn every_value_of_every_layout_is_exact() {
    let mut layouts: Vec<(usize, u32)> = Vec::new();
    for bits in 2048..=8192 {
        let layout = Layout::new(bits);
        let (digits, width) = (2 * layout.half, layout.radix.bits as usize);
        // Room for the multiple of the modulus that is below B·n, four times over.
        assert!(digits * width >= bits + width + 2, "{bits}");
        if layouts.contains(&(layout.half, layout.radix.bits)) {
            continue;
        }
        layouts.push((layout.half, layout.radix.bits));
        let base = layout.radix.base() as f64;
        let modulus = Modulus::new(layout.radix, numbers(&layout, base / 2.0, base / 4.0 + 1.0));
        let widest = numbers(&layout, base / 2.0 + 256.0, base / 4.0);
        let mut acc = modulus.accumulator();
        let square = {
            let mut x = widest.clone();
            modulus.square(&mut x, &mut acc);
            x
        };
        let product = {
            let mut x = widest.clone();
            modulus.multiply(&mut x, &widest, &mut acc);
            x
        };
        assert!(acc.iter().all(|Intervals(low, high)| low.is_zero() && high.is_zero()), "{bits}: room not cleared");
        for result in [square, product] {
            for (result, widest) in result.iter().zip(&widest) {
                assert!(result.0.within(widest.0) && result.1.within(widest.1), "{bits}: {:?}", result.1);
            }
        }
    }
    assert_eq!(layouts.last(), Some(&(180, 23)));
}

#[test]
#[should_panic(expected = "to")]
fn digits_two_bits_wider_would_not_be() {
    let mut layout = Layout::new(8192);
    layout.radix = Radix::new(25);
    let base = layout.radix.base() as f64;
    let modulus = Modulus::new(layout.radix, numbers(&layout, base / 2.0, base / 4.0 + 1.0));
    let mut x = numbers(&layout, base / 2.0, base / 4.0);
    modulus.square(&mut x, &mut modulus.accumulator());
}
