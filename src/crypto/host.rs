//! The engine without mathematics: the host's own crypto (WebCrypto) checks the signature. What the host might be lax
//! about is checked here first, so that a verdict does not depend on the host.

use super::curves::{is_on_curve, order};
use super::{Engine, KeyMaterial, Verdict, VerifyingKey};
use crate::algorithm::{Algorithm, Curve, Family};
use crate::prelude::*;

/// Leaves signatures to the host, see [`Outcome::NeedSignature`](crate::Outcome::NeedSignature).
#[derive(Clone, Copy, Debug)]
pub struct Host;

impl Engine for Host {
    fn name(&self) -> &'static str {
        "host"
    }

    fn import(&self, material: &KeyMaterial) -> Option<Box<dyn VerifyingKey>> {
        match material {
            KeyMaterial::Ed25519 { x } if is_small_order(x) => None,
            KeyMaterial::Ec { curve, x, y } if !is_on_curve(*curve, x, y) => None,
            material => Some(Box::new(Key(material.clone()))),
        }
    }
}

struct Key(KeyMaterial);

impl VerifyingKey for Key {
    fn verify(&self, algorithm: &'static Algorithm, _: &[u8], signature: &[u8]) -> Verdict {
        let well_formed = match (&self.0, algorithm.family) {
            (KeyMaterial::Ec { curve, .. }, Family::Ecdsa(_)) => is_ecdsa_signature(*curve, signature),
            // RFC 8017 §8.1.2, §8.2.2: as long as the modulus, and smaller than it.
            (KeyMaterial::Rsa { n, .. }, _) => signature.len() == n.len() && signature < n.as_slice(),
            (KeyMaterial::Ed25519 { .. }, _) => is_ed25519_signature(signature),
            _ => false,
        };
        if well_formed { Verdict::AskHost } else { Verdict::Invalid }
    }
}

/// r ‖ s with 1 ≤ r, s < n (FIPS 186-5 §6.4.2).
fn is_ecdsa_signature(curve: Curve, signature: &[u8]) -> bool {
    let length = curve.field_len();
    let order = order(curve);
    signature.len() == 2 * length
        && signature.chunks(length).all(|half| half.iter().any(|&byte| byte != 0) && half < order.as_slice())
}

/// R ‖ S with S < L and R not of small order (the strict form that the other engines use, too).
fn is_ed25519_signature(signature: &[u8]) -> bool {
    /// L = 2^252 + 27742317777372353535851937790883648493, little-endian.
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    match (signature.first_chunk::<32>(), signature.last_chunk::<32>()) {
        (Some(r), Some(s)) => signature.len() == 64 && s.iter().rev().lt(L.iter().rev()) && !is_small_order(r),
        _ => false,
    }
}

/// Whether an encoded point has an order of 1, 2, 4 or 8: its y-coordinate is one of these five, or one of the two that
/// are written without reduction (RFC 8032 §5.1.3 would refuse them, hosts may not).
fn is_small_order(encoded: &[u8; 32]) -> bool {
    const ORDER_8: [[u8; 32]; 2] = [
        [
            0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
            0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
        ],
        [
            0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
            0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
        ],
    ];
    let mut y = *encoded;
    if let Some(last) = y.last_mut() {
        *last &= 0x7f; // The sign of x.
    }
    // 0 and 1, and p − 1, p, p + 1: all bytes but the first and the last are alike.
    let (first, last) = (y.first().copied().unwrap_or(0), y.last().copied().unwrap_or(0));
    let middle = |byte: u8| y.get(1..31).is_some_and(|middle| middle.iter().all(|&b| b == byte));
    (middle(0) && last == 0 && first <= 1)
        || (middle(0xff) && last == 0x7f && (0xec..=0xee).contains(&first))
        || ORDER_8.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_orders_are_those_of_the_curve_library() {
        use ed25519_dalek::VerifyingKey as Ed25519Key;
        let mut candidates: Vec<[u8; 32]> = Vec::new();
        for first in 0..=255 {
            for (fill, last) in [(0, 0), (0, 0x80), (0xff, 0x7f), (0xff, 0xff)] {
                let mut y = [fill; 32];
                (y[0], y[31]) = (first, last);
                candidates.push(y);
            }
        }
        for index in 0..32 {
            let mut y = [0; 32];
            y[index] = 3;
            candidates.push(y);
        }
        for y in candidates {
            if let Ok(key) = Ed25519Key::from_bytes(&y) {
                assert_eq!(is_small_order(&y), key.is_weak(), "{y:02x?}");
            }
        }
    }

    #[test]
    fn out_of_range_halves_are_refused() {
        for curve in [Curve::P256, Curve::P384, Curve::P521] {
            let length = curve.field_len();
            let one = [vec![0; length - 1], vec![1]].concat();
            let most = {
                let mut order = order(curve);
                order[length - 1] -= 1;
                order
            };
            let signature = |r: &[u8], s: &[u8]| is_ecdsa_signature(curve, &[r, s].concat());
            assert!(signature(&one, &most) && signature(&most, &one));
            assert!(!signature(&vec![0; length], &one) && !signature(&one, &vec![0; length]));
            assert!(!signature(&order(curve), &one) && !signature(&one, &order(curve)));
            assert!(!signature(&one, &one[1..]));
        }
    }
}
