//! Against ed25519-dalek, whose strict verification accepts exactly the same.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use proptest::prelude::*;
use sha2::{Digest, Sha512};

use super::curve::{self, Field25519, PRIME};
use super::point::{Point, Summand};
use super::{BASE_POINT, Comb, Ed25519Key, comb};
use crate::prime::field::{Element, Field, MAX_DIGITS, Workspace};
use crate::prime::interval::{Interval, Range};
use crate::prime::word::Word;

/// The verdict, after the oracle has come to the same.
fn judged(encoded: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let ours = Ed25519Key::new(encoded).is_some_and(|key| key.verify(message, signature));
    let oracle = VerifyingKey::from_bytes(encoded)
        .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok());
    assert_eq!(ours, oracle, "{encoded:?} {message:?} {signature:?}");
    ours
}

/// What the owner of `secret` can make: a signature whose R has the torsion added.
fn signed(secret: Scalar, a: &[u8; 32], r: Scalar, torsion: EdwardsPoint, message: &[u8]) -> [u8; 64] {
    let point = ED25519_BASEPOINT_POINT * r + torsion;
    let encoded = point.compress().to_bytes();
    let digest = Sha512::new().chain_update(encoded).chain_update(a).chain_update(message).finalize();
    let s = r + Scalar::from_bytes_mod_order_wide(&digest.into()) * secret;
    [encoded, s.to_bytes()].concat().try_into().expect("64 bytes")
}

/// The group's order L, little-endian.
const L: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn plus_order(s: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    s.iter()
        .zip(L)
        .map(|(&a, b)| {
            carry += u16::from(a) + u16::from(b);
            let low = carry as u8;
            carry >>= 8;
            low
        })
        .collect()
}

#[test]
fn points_of_small_order_are_no_keys_and_no_r() {
    for torsion in EIGHT_TORSION {
        assert!(Ed25519Key::new(&torsion.compress().to_bytes()).is_none());
        // R of small order: r = 0.
        let secret = Scalar::from(0x1234_5678_9abc_u64);
        let a = (ED25519_BASEPOINT_POINT * secret).compress().to_bytes();
        assert!(!judged(&a, b"message", &signed(secret, &a, Scalar::ZERO, torsion, b"message")));
        // R of mixed order: the equation without cofactor holds for the one without torsion only.
        let mixed = signed(secret, &a, Scalar::from(77_u64), torsion, b"message");
        assert_eq!(judged(&a, b"message", &mixed), torsion == EdwardsPoint::identity());
    }
    // Spellings of 0, 1 and −1 that are not reduced, and of points that are none.
    for low in 0..=20 {
        for top in [0x7f, 0xff] {
            let mut encoded = [0xff; 32];
            (encoded[0], encoded[31]) = (0xed + (low % 19), top);
            judged(&encoded, b"", &[0; 64]);
        }
    }
}

#[test]
fn keys_of_mixed_order_are_judged_as_by_the_oracle() {
    let secret = Scalar::from(0xfeed_u64);
    let mut accepted = 0;
    for torsion in EIGHT_TORSION {
        let a = (ED25519_BASEPOINT_POINT * secret + torsion).compress().to_bytes();
        for nonce in 1..40_u64 {
            accepted +=
                usize::from(judged(&a, b"m", &signed(secret, &a, Scalar::from(nonce), EdwardsPoint::identity(), b"m")));
        }
    }
    assert!(accepted > 39, "only {accepted}: keys with torsion verify when k is a multiple of its order");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signatures_are_judged_as_by_the_oracle(
        secret in any::<[u8; 32]>(),
        message in prop::collection::vec(any::<u8>(), 0..200),
        bit in 0_usize..512,
    ) {
        let signer = SigningKey::from_bytes(&secret);
        let public = signer.verifying_key().to_bytes();
        let signature = signer.sign(&message).to_bytes();
        prop_assert!(judged(&public, &message, &signature));

        let mut damaged = signature;
        damaged[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!judged(&public, &message, &damaged));

        let mut malleable = signature;
        malleable[32..].copy_from_slice(&plus_order(&signature[32..]));
        prop_assert!(!judged(&public, &message, &malleable));

        let mut other = public;
        other[bit % 32] ^= 1 << (bit % 8);
        judged(&other, &message, &signature);

        let mut longer = message;
        longer.push(0);
        prop_assert!(!judged(&public, &longer, &signature));
    }
}

#[test]
fn only_64_bytes_are_a_signature() {
    let signer = SigningKey::from_bytes(&[7; 32]);
    let key = Ed25519Key::new(&signer.verifying_key().to_bytes()).expect("a key");
    let signature = signer.sign(b"").to_bytes();
    assert!(key.verify(b"", &signature));
    for length in 0..64 {
        assert!(!key.verify(b"", &signature[..length]));
    }
    assert!(!key.verify(b"", &[signature.as_slice(), &[0]].concat()));
}

#[test]
fn points_are_decoded_as_by_the_oracle() {
    let mut encoded = [0; 32];
    let mut points = 0;
    for seed in 0..500_u32 {
        encoded.copy_from_slice(&Sha512::digest(seed.to_le_bytes())[..32]);
        let oracle = CompressedEdwardsY(encoded).decompress();
        let ours = [false, true].map(|negative| curve::decode(&encoded, negative));
        assert_eq!(ours.each_ref().map(Option::is_some), [oracle.is_some(); 2]);
        if let (Some(oracle), [Some(same), Some(negative)]) = (oracle, ours) {
            points += 1;
            for (point, oracle) in [(same, oracle), (negative, -oracle)] {
                assert!(curve::is_encoded(&point, oracle.compress().as_bytes()));
                assert!(!curve::is_encoded(&point, (-oracle).compress().as_bytes()));
                assert!(!point.clone().is_small_order());
            }
        }
    }
    assert!((200..300).contains(&points), "half of all numbers are a y, but {points} of 500 were");
}

#[test]
fn sums_are_those_of_the_oracle() {
    let base = Comb::new(&curve::decode(&BASE_POINT, false).expect("the base point"));
    let minus_one = -Scalar::ONE;
    let mut scalars = vec![Scalar::ZERO, Scalar::ONE, Scalar::from(2_u64), minus_one, minus_one - Scalar::ONE];
    scalars.extend((0..40_u32).map(|seed| {
        let digest: [u8; 64] = Sha512::digest(seed.to_le_bytes()).into();
        let scalar = Scalar::from_bytes_mod_order_wide(&digest);
        assert_eq!(curve::scalar(&digest), curve::number(scalar.as_bytes()));
        scalar
    }));
    for torsion in EIGHT_TORSION {
        let oracle = torsion + ED25519_BASEPOINT_POINT * Scalar::from(5_u64);
        let other = Comb::new(&curve::decode(oracle.compress().as_bytes(), false).expect("a point"));
        for (i, a) in scalars.iter().enumerate() {
            for b in scalars.iter().skip(i % 7).step_by(7) {
                let [s, k] = [a, b].map(|scalar| curve::number(scalar.as_bytes()));
                let sum = comb::sum([(&base, &s), (&other, &k)]);
                let expected = ED25519_BASEPOINT_POINT * a + oracle * b;
                assert!(curve::is_encoded(&sum, expected.compress().as_bytes()));
                assert_eq!(sum.clone().is_small_order(), expected.is_small_order());
            }
        }
    }
    assert_eq!(curve::scalar(&[0xff; 64]), curve::number(Scalar::from_bytes_mod_order_wide(&[0xff; 64]).as_bytes()));
}

/// The proof that no value leaves the range in which the arithmetic is exact, as for ECDSA: the very code of the group
/// law runs on the set K of all elements that products give, and what it gives is in K again.
#[test]
fn the_field_stays_exact() {
    type Set = Element<Interval>;
    fn include(set: &mut Set, element: &Set) {
        for (digit, new) in set.iter_mut().zip(element) {
            *digit = digit.hull(Interval::both(new.0.hull(new.1)));
        }
    }
    fn within(bits: u32, a: &Set) {
        let limit = 1 << bits;
        for range in a.iter().flat_map(|digit| [digit.0, digit.1]) {
            assert!(-limit < range.least && range.most < limit, "{range:?}");
        }
    }
    let field: &'static dyn Field<Interval> = &Field25519;
    assert_eq!(field.digits(), PRIME.field.digits());
    // Integers of 255 bits: what `from_digits` is given.
    let mut k: Set = [Interval::splat(0.0); MAX_DIGITS];
    for (i, digit) in k.iter_mut().take(field.digits()).enumerate() {
        *digit = Interval::both(Range::new(0, (1 << (255 - 24 * i).min(24)) - 1));
    }
    field.carry(&mut k);
    let mut workspace = Workspace::new(field);
    for round in 0.. {
        assert!(round < 100, "no fixpoint");
        let before = k;
        let mut point = Point { xy: k, tz: k };
        let mut summand = Summand { sums: k, products: k };
        point.summand(&mut summand, &k, &workspace);
        // Summands are stored in 32 bits; integers are made of 33.
        within(31, &summand.sums);
        within(31, &summand.products);
        point.add(&summand, &mut workspace);
        let mut shifted = k;
        shifted[0] = shifted[0].add(Interval::both(Range::new(-2, 2)));
        let mut results = [point.xy, point.tz, summand.products, k, k];
        let [.., product, square] = &mut results;
        field.mul(product, &shifted, &k);
        field.sqr(square, &k);
        within(33, &core::array::from_fn(|i| k[i].sub(k[i])));
        within(33, &shifted);
        for result in &results {
            include(&mut k, result);
        }
        if k == before {
            return;
        }
    }
}
