//! RustCrypto's curves behind one trait, and pseudo-random bytes.

use crate::ecdsa::curve::Curve as Parameters;
use crate::ecdsa::{Curve, EcdsaKey};
use crate::prime::int::{self, Int};
use sha2::{Digest, Sha512};

/// An independent implementation of a curve. Numbers are big-endian, points are `x || y`.
pub trait Oracle {
    const CURVE: Curve;
    /// Bytes of a number.
    const LENGTH: usize;

    fn sign(secret: &[u8], digest: &[u8]) -> Vec<u8>;
    fn verify(point: &[u8], digest: &[u8], signature: &[u8]) -> bool;
    /// `a G + b P`; `None` when infinite.
    fn combine(a: &[u8], b: &[u8], point: &[u8]) -> Option<Vec<u8>>;
    /// A point with this x-coordinate.
    fn lift(x: &[u8]) -> Option<Vec<u8>>;

    fn parameters() -> &'static Parameters {
        super::super::parameters(Self::CURVE)
    }
    fn public(secret: &[u8]) -> Vec<u8> {
        let zero = vec![0; Self::LENGTH];
        let base = Self::lift_base();
        Self::combine(secret, &zero, &base).expect("not infinite")
    }
    fn lift_base() -> Vec<u8> {
        Self::parameters().base.iter().flat_map(|x| to_bytes(x, Self::LENGTH)).collect()
    }
    fn key(point: &[u8]) -> EcdsaKey {
        let (x, y) = point.split_at(Self::LENGTH);
        EcdsaKey::new(Self::CURVE, x, y).expect("a valid key")
    }
}

macro_rules! oracle {
    ($name:ident, $library:ident, $length:literal) => {
        pub struct $name;

        impl Oracle for $name {
            const CURVE: Curve = Curve::$name;
            const LENGTH: usize = $length;

            fn sign(secret: &[u8], digest: &[u8]) -> Vec<u8> {
                use $library::ecdsa::{Signature, SigningKey, signature::hazmat::PrehashSigner};
                let key = SigningKey::from_slice(secret).expect("a secret");
                let number = leftmost_bits(digest, Self::parameters().bits);
                let signature: Signature = key.sign_prehash(&number).expect("a signature");
                signature.to_bytes().to_vec()
            }
            fn verify(point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
                use $library::ecdsa::{Signature, VerifyingKey, signature::hazmat::PrehashVerifier};
                let Ok(signature) = Signature::from_slice(signature) else {
                    return false;
                };
                let sec1 = [&[4], point].concat();
                let key = VerifyingKey::from_sec1_bytes(&sec1).expect("a valid key");
                let number = leftmost_bits(digest, Self::parameters().bits);
                key.verify_prehash(&number, &signature).is_ok()
            }
            fn combine(a: &[u8], b: &[u8], point: &[u8]) -> Option<Vec<u8>> {
                use $library::elliptic_curve::{PrimeField, sec1::ToSec1Point};
                use $library::{ProjectivePoint, PublicKey, Scalar};
                let scalar = |bytes: &[u8]| Scalar::from_repr(bytes.try_into().expect("the length")).expect("below n");
                let point = PublicKey::from_sec1_bytes(&[&[4], point].concat()).expect("a point");
                let sum = ProjectivePoint::GENERATOR * scalar(a) + point.to_projective() * scalar(b);
                let sec1 = sum.to_affine().to_sec1_point(false);
                (sec1.as_bytes().len() > 1).then(|| sec1.as_bytes()[1..].to_vec())
            }
            fn lift(x: &[u8]) -> Option<Vec<u8>> {
                use $library::elliptic_curve::sec1::ToSec1Point;
                let key = $library::PublicKey::from_sec1_bytes(&[&[2], x].concat()).ok()?;
                Some(key.to_sec1_point(false).as_bytes()[1..].to_vec())
            }
        }
    };
}

oracle!(P256, p256, 32);
oracle!(P384, p384, 48);
oracle!(P521, p521, 66);

/// Runs a test function on each curve.
macro_rules! on_each_curve {
    ($($test:ident)*) => {
        $(mod $test {
            #[test]
            fn p256() {
                super::$test::<super::super::oracle::P256>();
            }
            #[test]
            fn p384() {
                super::$test::<super::super::oracle::P384>();
            }
            #[test]
            fn p521() {
                super::$test::<super::super::oracle::P521>();
            }
        })*
    };
}
pub(super) use on_each_curve;

/// The number of a digest (FIPS 186-5, 6.4.2) as long as the order, in bytes. RustCrypto takes no short digests and
/// truncates to whole bytes, which for P-521 are seven bits too many.
fn leftmost_bits(digest: &[u8], bits: usize) -> Vec<u8> {
    let length = bits.div_ceil(8);
    let mut number = digest[..digest.len().min(length)].to_vec();
    if digest.len() >= length {
        let excess = 8 * length - bits;
        let mut above = 0u16;
        for byte in &mut number {
            above = above << 8 | u16::from(*byte);
            *byte = (above >> excess) as u8;
        }
    }
    [vec![0; length - number.len()], number].concat()
}

/// A reproducible stream of bytes.
pub struct Random {
    seed: String,
    count: u64,
}

impl Random {
    pub fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), count: 0 }
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < length {
            self.count += 1;
            bytes.extend(Sha512::digest(format!("{} {}", self.seed, self.count)));
        }
        bytes.truncate(length);
        bytes
    }

    pub fn below(&mut self, limit: usize) -> usize {
        let bytes = self.bytes(8).try_into().expect("eight bytes");
        (u64::from_le_bytes(bytes) % limit as u64) as usize
    }

    /// A number from 1 to n - 1.
    pub fn scalar<O: Oracle>(&mut self) -> Vec<u8> {
        loop {
            let mut bytes = self.bytes(O::LENGTH);
            bytes[0] >>= 8 * O::LENGTH - O::parameters().bits;
            let number = int::from_bytes(&bytes);
            if !int::is_zero(&number) && int::less(&number, &O::parameters().order.value) {
                return bytes;
            }
        }
    }
}

/// The last `length` bytes of a number.
pub fn to_bytes(number: &Int, length: usize) -> Vec<u8> {
    let bit = |i: usize| number.get(i / 30).map_or(0, |limb| (limb >> (i % 30) & 1) as u8);
    let byte = |i: usize| (0..8).fold(0, |byte, j| byte | bit(8 * i + j) << j);
    (0..length).rev().map(byte).collect()
}
