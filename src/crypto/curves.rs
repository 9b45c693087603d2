//! The NIST curves y² = x³ − 3x + b (SP 800-186 §3.2.1) in plain numbers, for checks that are made once for a key and need
//! no speed.

use crate::prelude::*;
use scopegate_kernels::curves::{Constants, Curve, constants};

/// Numbers are little-endian in 32-bit limbs, as many as the field needs.
type Number = Vec<u32>;

/// The order of the group, big-endian, as long as the field.
pub(super) fn order(curve: Curve) -> Vec<u8> {
    let digit = |byte: &u8| (*byte as char).to_digit(16).unwrap_or(0) as u8;
    constants(curve)
        .n
        .as_bytes()
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |value, byte| value << 4 | digit(byte)))
        .collect()
}

/// Whether the point with these big-endian coordinates is on the curve.
pub(super) fn is_on_curve(curve: Curve, x: &[u8], y: &[u8]) -> bool {
    let Constants { p, b, .. } = constants(curve);
    let limbs = curve.field_len().div_ceil(4);
    let [p, b] = [p, b].map(|hex| {
        let mut number: Number = hex
            .as_bytes()
            .rchunks(8)
            .map(|part| part.iter().fold(0, |value, byte| value << 4 | (*byte as char).to_digit(16).unwrap_or(0)))
            .collect();
        number.resize(limbs, 0);
        number
    });
    let [x, y] = [x, y].map(|bytes| {
        let mut number: Number =
            bytes.rchunks(4).map(|part| part.iter().fold(0, |value, &byte| value << 8 | u32::from(byte))).collect();
        number.resize(limbs, 0);
        number
    });
    if !less(&x, &p) || !less(&y, &p) {
        return false;
    }
    // x³ + b = y² + 3x, so that nothing has to be subtracted.
    let left = add(&multiply(&multiply(&x, &x, &p), &x, &p), &b, &p);
    let right = add(&multiply(&y, &y, &p), &add(&add(&x, &x, &p), &x, &p), &p);
    left == right
}

fn less(a: &Number, b: &Number) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// a + b modulo p, both below p.
fn add(a: &Number, b: &Number, p: &Number) -> Number {
    let mut carry = 0;
    let sum: Number = a
        .iter()
        .zip(b)
        .map(|(&a, &b)| {
            carry += u64::from(a) + u64::from(b);
            let low = carry as u32;
            carry >>= 32;
            low
        })
        .collect();
    if carry == 0 && less(&sum, p) {
        return sum;
    }
    let mut borrow = 0;
    sum.iter()
        .zip(p)
        .map(|(&sum, &p)| {
            borrow += i64::from(sum) - i64::from(p);
            let low = borrow as u32;
            borrow >>= 32;
            low
        })
        .collect()
}

/// a · b modulo p, bit by bit.
fn multiply(a: &Number, b: &Number, p: &Number) -> Number {
    let mut product = vec![0; p.len()];
    for &limb in a.iter().rev() {
        for bit in (0..32).rev() {
            product = add(&product, &product, p);
            if limb >> bit & 1 == 1 {
                product = add(&product, b, p);
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The base points (SP 800-186 §3.2.1), by another implementation.
    fn base(curve: Curve) -> (Vec<u8>, Vec<u8>) {
        use p256::elliptic_curve::sec1::ToSec1Point;
        let point = match curve {
            Curve::P256 => p256::AffinePoint::GENERATOR.to_sec1_point(false).as_bytes().to_vec(),
            Curve::P384 => p384::AffinePoint::GENERATOR.to_sec1_point(false).as_bytes().to_vec(),
            Curve::P521 => p521::AffinePoint::GENERATOR.to_sec1_point(false).as_bytes().to_vec(),
        };
        let (x, y) = point[1..].split_at(curve.field_len());
        (x.to_vec(), y.to_vec())
    }

    #[test]
    fn base_points_are_on_their_curves_and_neighbours_are_not() {
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            assert_eq!(order(curve).len(), curve.field_len());
            let (x, y) = base(curve);
            assert!(is_on_curve(curve, &x, &y), "{curve:?}");
            for at in 0..x.len() {
                let mut damaged = x.clone();
                damaged[at] ^= 1;
                assert!(!is_on_curve(curve, &damaged, &y) && !is_on_curve(curve, &x, &damaged), "{curve:?} {at}");
            }
            assert!(!is_on_curve(curve, &vec![0xff; x.len()], &y), "{curve:?}");
            assert!(!is_on_curve(curve, &vec![0; x.len()], &vec![0; x.len()]), "{curve:?}");
        }
    }
}
