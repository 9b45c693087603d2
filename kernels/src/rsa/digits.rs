//! Big-endian bytes to balanced digits and back.

use alloc::vec::Vec;

use super::rows::beyond;
use super::simd::{F64x2, Pair};

/// The radix `B = 2^bits` of the digits, with the constants that split a word at it.
#[derive(Clone, Copy)]
pub(crate) struct Radix {
    /// log2 of the radix.
    pub(crate) bits: u32,
    /// `1 / B`.
    pub(crate) inverse: f64,
    /// `3/2 · 2^52 · B`: adding and subtracting it rounds to a multiple of `B`.
    pub(crate) round: f64,
}

impl Radix {
    /// The radix of `2^bits`.
    pub(crate) fn new(bits: u32) -> Self {
        let base = (1u64 << bits) as f64;
        Self { bits, inverse: 1.0 / base, round: 1.5 * (1u64 << 52) as f64 * base }
    }

    /// The longest numbers, in pairs, whose product and its reduction fit into columns together:
    /// each adds up to one product of two balanced digits for each pair to each lane.
    pub(crate) fn pairs_without_relief(&self) -> usize {
        (1 << (53 - 2 * self.bits)) * 15 / 8
    }

    /// `B`.
    pub(crate) fn base(&self) -> i64 {
        1 << self.bits
    }
}

/// How numbers modulo a modulus of some length are cut into digits.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// The radix.
    pub(crate) radix: Radix,
    /// Pairs of digits in a number; a multiple of four.
    pub(crate) half: usize,
}

impl Layout {
    /// The layout for a modulus of `bits` bits, at most 8192.
    ///
    /// There is room for one digit more than the modulus has, and a factor of four. 24 bits
    /// are taken if that makes numbers shorter than 23 do; the tests prove both exact.
    pub(crate) fn new(bits: usize) -> Self {
        let half = |width: usize| (bits + width + 2).div_ceil(8 * width) * 4;
        let wide = half(24) <= 60 || half(24) < half(23) && half(24) <= 112;
        let width = if wide { 24 } else { 23 };
        Self { radix: Radix::new(width), half: half(width as usize) }
    }

    /// The balanced digits of a big-endian number that is shorter than the layout by one digit
    /// at least.
    pub(crate) fn split(&self, bytes: &[u8]) -> Vec<i64> {
        let (base, bits) = (self.radix.base(), self.radix.bits);
        let mut digits = Vec::with_capacity(2 * self.half);
        let mut chunks = bytes.rchunks(4);
        let (mut buffer, mut filled, mut carry) = (0u64, 0, 0);
        for _ in 0..2 * self.half {
            if filled < bits {
                let chunk = chunks.next().unwrap_or(&[]);
                let word = chunk.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
                buffer |= word << filled;
                filled += 32;
            }
            let digit = (buffer & (base as u64 - 1)) as i64 + carry;
            carry = i64::from(digit >= base / 2);
            digits.push(digit - carry * base);
            buffer >>= bits;
            filled -= bits;
        }
        digits
    }

    /// Puts digits into pairs.
    pub(crate) fn pairs(&self, digits: &[i64]) -> Vec<F64x2> {
        let (low, high) = (digits, beyond(digits, self.half));
        let pair = |(&low, &high): (&i64, &i64)| F64x2::new(low as f64, high as f64);
        low.iter().zip(high).map(pair).collect()
    }

    /// A big-endian number as pairs.
    pub(crate) fn read(&self, bytes: &[u8]) -> Vec<F64x2> {
        self.pairs(&self.split(bytes))
    }
}

/// Carries digits of up to 62 bits on until all are balanced. The last is left as it is.
pub(crate) fn balance(digits: &mut [i64], radix: &Radix) {
    let mut carry = 0;
    let Some((last, digits)) = digits.split_last_mut() else { return };
    for digit in digits {
        *digit += carry;
        carry = (*digit + radix.base() / 2) >> radix.bits;
        *digit -= carry << radix.bits;
    }
    *last += carry;
}
