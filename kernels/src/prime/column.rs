//! The accumulator of the integer arithmetic modulo p and n: signed 64-bit sums of products of 30-bit limbs.
//!
//! Like [`super::word::Word`] it is a trait so that the tests can run the same code on intervals and prove that
//! no sum leaves 64 bits.

use super::int::{LIMB_BITS, LIMB_MASK};

/// A sum of products of limbs.
pub trait Column: Copy {
    /// The sum holding one limb.
    fn new(limb: i32) -> Self;
    /// `self + a * b`
    fn add_product(self, a: Self, b: Self) -> Self;
    /// `self - a * b`
    fn sub_product(self, a: Self, b: Self) -> Self;
    /// `self + other`
    fn add(self, other: Self) -> Self;
    /// `self - other`
    fn sub(self, other: Self) -> Self;
    /// `self mod 2^30`, from 0 to 2^30 - 1.
    fn limb(self) -> Self;
    /// `floor(self / 2^30)`
    fn carry(self) -> Self;
    /// The limb `q` for which `self - q * m` is divisible by 2^30, where `inverse` is that of `m` modulo 2^30.
    fn quotient(self, inverse: i32) -> Self;
    /// -1 when negative, else 0.
    fn sign(self) -> Self;
    /// `self & mask`, where `mask` is -1 or 0.
    fn masked(self, mask: Self) -> Self;
}

impl Column for i64 {
    #[inline(always)]
    fn new(limb: i32) -> Self {
        i64::from(limb)
    }
    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        self + a * b
    }
    #[inline(always)]
    fn sub_product(self, a: Self, b: Self) -> Self {
        self - a * b
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self - other
    }
    #[inline(always)]
    fn limb(self) -> Self {
        self & i64::from(LIMB_MASK)
    }
    #[inline(always)]
    fn carry(self) -> Self {
        self >> LIMB_BITS
    }
    #[inline(always)]
    fn quotient(self, inverse: i32) -> Self {
        i64::from((self as i32).wrapping_mul(inverse) & LIMB_MASK)
    }
    #[inline(always)]
    fn sign(self) -> Self {
        self >> 63
    }
    #[inline(always)]
    fn masked(self, mask: Self) -> Self {
        self & mask
    }
}
