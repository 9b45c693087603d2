//! Ed25519 verification (RFC 8032 §5.1.7) in its strict form: S < L, and neither the key nor R of small order, so that
//! every implementation that accepts a signature here accepts it alike. The group is that of curve25519-dalek; a key is
//! imported once, with a table of multiples, after which a verification has no doublings to speak of.

use alloc::boxed::Box;

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsBasepointTable};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::BasepointTable;
use once_cell::race::OnceBox;
use sha2::{Digest, Sha512};

/// The multiples of the base point. Made when first needed: as a constant they would be a quarter of the module.
static BASE: OnceBox<EdwardsBasepointTable> = OnceBox::new();

/// A public key with its table of multiples.
pub struct Ed25519Key {
    encoded: [u8; 32],
    /// The multiples of −A.
    table: EdwardsBasepointTable,
}

impl Ed25519Key {
    /// The key that `encoded` is. `None` when it is no point, or one of small order.
    #[must_use]
    pub fn new(encoded: &[u8; 32]) -> Option<Self> {
        let point = CompressedEdwardsY(*encoded).decompress().filter(|point| !point.is_small_order())?;
        Some(Self { encoded: *encoded, table: EdwardsBasepointTable::create(&-point) })
    }

    /// Whether `signature`, R ‖ S, is one of `message`.
    #[must_use]
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some((r, s)) = signature.split_first_chunk::<32>() else { return false };
        let s = <[u8; 32]>::try_from(s).ok().and_then(|s| Scalar::from_canonical_bytes(s).into_option());
        let Some(s) = s else { return false };
        let digest = Sha512::new().chain_update(r).chain_update(self.encoded).chain_update(message).finalize();
        let k = Scalar::from_bytes_mod_order_wide(&digest.into());
        let base = BASE.get_or_init(|| Box::new(EdwardsBasepointTable::create(&ED25519_BASEPOINT_POINT)));
        // R = S·B − k·A. Compared as it is encoded, which admits one spelling of R.
        let expected = base * &s + &self.table * &k;
        expected.compress().as_bytes() == r && !expected.is_small_order()
    }

    /// Bytes of what was computed beforehand.
    #[must_use]
    pub fn table_bytes(&self) -> usize {
        size_of_val(&self.table)
    }
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::edwards::EdwardsPoint;
    use curve25519_dalek::traits::Identity;
    use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
    use proptest::prelude::*;

    use super::*;

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
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
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
                accepted += usize::from(judged(
                    &a,
                    b"m",
                    &signed(secret, &a, Scalar::from(nonce), EdwardsPoint::identity(), b"m"),
                ));
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
}
