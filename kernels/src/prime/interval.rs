//! Words and columns that are sets of values: what the arithmetic can reach, whatever it is given.

use crate::prime::column::Column;
use crate::prime::int::LIMB_MASK;
use crate::prime::word::Word;

/// All integers from one to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub least: i128,
    pub most: i128,
}

impl Range {
    pub fn new(least: i128, most: i128) -> Self {
        Self { least, most }
    }

    pub fn hull(self, other: Self) -> Self {
        Self::new(self.least.min(other.least), self.most.max(other.most))
    }

    fn add(self, other: Self) -> Self {
        Self::new(self.least + other.least, self.most + other.most)
    }

    fn sub(self, other: Self) -> Self {
        Self::new(self.least - other.most, self.most - other.least)
    }

    fn mul(self, other: Self) -> Self {
        let corners =
            [self.least * other.least, self.least * other.most, self.most * other.least, self.most * other.most];
        let least = corners.into_iter().min().expect("there are four");
        let most = corners.into_iter().max().expect("there are four");
        Self::new(least, most)
    }

    /// Fails if a value is not below `2^bits` in magnitude.
    fn within(self, bits: u32) -> Self {
        let limit = 1i128 << bits;
        assert!(-limit < self.least && self.most < limit, "{self:?} leaves {bits} bits");
        self
    }
}

/// What an `f64` lane holds exactly.
const EXACT: u32 = 53;

/// A word whose lanes are ranges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval(pub Range, pub Range);

impl Interval {
    pub fn both(range: Range) -> Self {
        Self(range, range)
    }

    pub fn hull(self, other: Self) -> Self {
        Self(self.0.hull(other.0), self.1.hull(other.1))
    }

    fn each(self, other: Self, f: impl Fn(Range, Range) -> Range) -> Self {
        Self(f(self.0, other.0).within(EXACT), f(self.1, other.1).within(EXACT))
    }
}

impl Word for Interval {
    fn new(first: f64, second: f64) -> Self {
        let range = |x: f64| {
            assert_eq!(x.fract(), 0.0);
            Range::new(x as i128, x as i128)
        };
        Self(range(first), range(second))
    }
    fn add(self, other: Self) -> Self {
        self.each(other, Range::add)
    }
    fn sub(self, other: Self) -> Self {
        self.each(other, Range::sub)
    }
    fn mul(self, other: Self) -> Self {
        self.each(other, Range::mul)
    }
    fn split<const BITS: u32>(self) -> (Self, Self) {
        let half = 1i128 << (BITS - 1);
        let low = |r: Range| {
            let inside = -half <= r.least && r.most <= half;
            if inside { r } else { Range::new(-half, half) }
        };
        // Either neighbour for ties, so that the direction of rounding does not matter.
        let high = |r: Range| Range::new((r.least + half - 1) >> BITS, (r.most + half) >> BITS);
        (Self(low(self.0), low(self.1)), Self(high(self.0), high(self.1)))
    }
    fn low(a: Self, b: Self) -> Self {
        Self(a.0, b.0)
    }
    fn high(a: Self, b: Self) -> Self {
        Self(a.1, b.1)
    }
    fn blend(a: Self, b: Self) -> Self {
        Self(a.0, b.1)
    }
    fn cross(a: Self, b: Self) -> Self {
        Self(a.1, b.0)
    }
}

/// A column sum that is a range.
#[derive(Clone, Copy, Debug)]
pub struct Sum(pub Range);

/// What an `i64` holds.
const WIDE: u32 = 63;

impl Column for Sum {
    fn new(limb: i32) -> Self {
        Self(Range::new(limb.into(), limb.into()))
    }
    fn add_product(self, a: Self, b: Self) -> Self {
        Self(self.0.add(a.0.mul(b.0).within(WIDE)).within(WIDE))
    }
    fn sub_product(self, a: Self, b: Self) -> Self {
        Self(self.0.sub(a.0.mul(b.0).within(WIDE)).within(WIDE))
    }
    fn add(self, other: Self) -> Self {
        Self(self.0.add(other.0).within(WIDE))
    }
    fn sub(self, other: Self) -> Self {
        Self(self.0.sub(other.0).within(WIDE))
    }
    fn limb(self) -> Self {
        Self(Range::new(0, LIMB_MASK.into()))
    }
    fn carry(self) -> Self {
        Self(Range::new(self.0.least >> 30, self.0.most >> 30))
    }
    fn quotient(self, _inverse: i32) -> Self {
        self.limb()
    }
    fn sign(self) -> Self {
        Self(Range::new(-1, 0))
    }
    fn masked(self, mask: Self) -> Self {
        assert_eq!(mask.0, Range::new(-1, 0));
        Self(self.0.hull(Range::new(0, 0)))
    }
}
