//! The numbers modulo n outside Montgomery's form: the one representative from 0 to n − 1.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::digits::{Layout, balance};
use super::simd::{F64x2, Pair};

/// A modulus with what it takes to reduce numbers a little longer than itself.
pub(crate) struct Residues {
    layout: Layout,
    bytes: Vec<u8>,
    digits: Vec<i64>,
    /// The lowest of the digits that estimates are made from.
    anchor: usize,
    /// The modulus, estimated.
    estimate: f64,
}

impl Residues {
    /// Takes the modulus as big-endian bytes without leading zeros.
    pub(crate) fn new(layout: Layout, bytes: &[u8]) -> Self {
        let digits = layout.split(bytes);
        let top = digits.iter().rposition(|&digit| digit != 0).unwrap_or(0);
        let anchor = top.saturating_sub(3);
        let estimate = estimate(&layout, digits.iter().skip(anchor).map(|&digit| digit as f64));
        Self { layout, bytes: bytes.to_vec(), digits, anchor, estimate }
    }

    /// The modulus as big-endian bytes without leading zeros.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digits of the multiple of the modulus that is −1 modulo the radix.
    pub(crate) fn montgomery_multiple(&self) -> Vec<i64> {
        let mut digits = self.digits.clone();
        let lowest = digits.first().copied().unwrap_or(1);
        // Newton's iteration; a number is its own inverse modulo 8, and each turn doubles 3 bits.
        let mut inverse = lowest;
        for _ in 0..4 {
            let step = lowest.wrapping_mul(inverse).wrapping_neg().wrapping_add(2);
            inverse = inverse.wrapping_mul(step);
        }
        let factor = inverse.wrapping_neg() & (self.layout.radix.base() - 1);
        for digit in &mut digits {
            *digit *= factor;
        }
        balance(&mut digits, &self.layout.radix);
        digits
    }

    /// `2^exponent` modulo the modulus, for an `exponent` not far above the modulus's length.
    pub(crate) fn power_of_two(&self, exponent: usize) -> Vec<F64x2> {
        let mut bytes = vec![0; self.bytes.len()];
        let mut reached = exponent.min(8 * bytes.len().saturating_sub(1));
        if let Some(byte) = bytes.iter_mut().rev().nth(reached / 8) {
            *byte = 1 << (reached % 8);
        }
        while reached < exponent {
            let step = (exponent - reached).min(16);
            bytes = self.scaled(&self.layout.read(&bytes), 1 << step);
            reached += step;
        }
        self.layout.read(&bytes)
    }

    /// `x * factor` modulo the modulus; the factor is a small one.
    pub(crate) fn scaled(&self, x: &[F64x2], factor: u32) -> Vec<u8> {
        let factor = F64x2::splat(f64::from(factor));
        let x: Vec<F64x2> = x.iter().map(|pair| pair.times(factor)).collect();
        self.canonical(&x)
    }

    /// The big-endian bytes, as many as the modulus has, of `x` modulo the modulus. `x` has
    /// digits of at most 41 bits and less than 2^26 times the modulus's value.
    pub(crate) fn canonical(&self, x: &[F64x2]) -> Vec<u8> {
        let high = estimate(&self.layout, flat(x).skip(self.anchor));
        let mut quotient = crate::floor(high / self.estimate);
        let mut out = vec![0; self.bytes.len()];
        // The estimate is wrong by one at most, and hardly ever.
        for _ in 0..2 {
            match self.subtract(x, quotient, &mut out) {
                Ordering::Less => quotient -= 1,
                Ordering::Equal => break,
                Ordering::Greater => quotient += 1,
            }
        }
        out
    }

    /// Writes `x - quotient * n` to `out` and says on which side of the range from 0 to n − 1 it
    /// is; `out` is right if it is inside (`Equal`).
    fn subtract(&self, x: &[F64x2], quotient: i64, out: &mut [u8]) -> Ordering {
        let radix = self.layout.radix;
        let (mut carry, mut buffer, mut filled) = (0, 0u64, 0);
        let mut excess = 0;
        let mut words = out.rchunks_mut(4);
        for (x, n) in flat(x).zip(&self.digits) {
            let digit = x as i64 - quotient * n + carry;
            carry = digit >> radix.bits;
            buffer |= ((digit & (radix.base() - 1)) as u64) << filled;
            filled += radix.bits;
            if filled >= 32 {
                excess |= flush(&mut words, buffer as u32);
                buffer >>= 32;
                filled -= 32;
            }
        }
        excess |= flush(&mut words, buffer as u32);
        match carry.cmp(&0) {
            Ordering::Equal if excess != 0 || *out >= *self.bytes => Ordering::Greater,
            side => side,
        }
    }
}

/// Puts a word into the next place and returns the part there is no room for.
fn flush<'a>(words: &mut impl Iterator<Item = &'a mut [u8]>, word: u32) -> u32 {
    let place = words.next().unwrap_or_default();
    let bytes = word.to_be_bytes();
    let (excess, rest) = bytes.split_at(4 - place.len());
    place.copy_from_slice(rest);
    excess.iter().fold(0, |all, &byte| all | u32::from(byte))
}

/// The digits of a number in pairs, lowest first.
fn flat(x: &[F64x2]) -> impl Iterator<Item = f64> + Clone {
    x.iter().map(|pair| pair.low()).chain(x.iter().map(|pair| pair.high()))
}

/// The value of some digits, rounded.
fn estimate(layout: &Layout, digits: impl Iterator<Item = f64>) -> f64 {
    let mut place = 1.0;
    let base = layout.radix.base() as f64;
    let mut sum = 0.0;
    for digit in digits {
        sum += digit * place;
        place *= base;
    }
    sum
}
