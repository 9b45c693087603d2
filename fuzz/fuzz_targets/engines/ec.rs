//! ECDSA keys and signatures made to measure. The key is computed from the signature, so that every part of a
//! verification can be chosen: the two scalars, the sum's x-coordinate, and what it is compared with.

use num_bigint::BigUint;
use p256::elliptic_curve::array::Array;
use p256::elliptic_curve::ff::PrimeField;
use p256::elliptic_curve::point::{AffineCoordinates, DecompressPoint};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, Field, FieldBytes, Group, ProjectivePoint, Scalar};
use scopegate::algorithm::{Curve, Hash};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::input::{Input, to_bytes};
use crate::mutate::Parts;
use crate::{Case, Key};

pub fn digest(hash: Hash, message: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    }
}

fn hash_of(curve: Curve) -> Hash {
    match curve {
        Curve::P256 => Hash::Sha256,
        Curve::P384 => Hash::Sha384,
        Curve::P521 => Hash::Sha512,
    }
}

fn prime(curve: Curve) -> BigUint {
    let power = |bits: u32| BigUint::from(1u8) << bits;
    match curve {
        Curve::P256 => power(256) - power(224) + power(192) + power(96) - 1u8,
        Curve::P384 => power(384) - power(128) - power(96) + power(32) - 1u8,
        Curve::P521 => power(521) - 1u8,
    }
}

pub fn order(curve: Curve) -> BigUint {
    let minus_one = match curve {
        Curve::P256 => (-p256::Scalar::ONE).to_repr().to_vec(),
        Curve::P384 => (-p384::Scalar::ONE).to_repr().to_vec(),
        Curve::P521 => (-p521::Scalar::ONE).to_repr().to_vec(),
    };
    BigUint::from_bytes_be(&minus_one) + 1u8
}

pub fn parts(curve: Curve) -> Parts {
    Parts { length: curve.field_len(), modulus: order(curve), halves: &[0, 1], little_endian: false }
}

/// A case, and whether its signature holds; `None` if the numbers that were chosen make no key or no signature.
pub fn make(curve: Curve, input: &mut Input) -> Option<(Case, bool)> {
    match curve {
        Curve::P256 => Maker::<p256::NistP256>::new(curve).make(input),
        Curve::P384 => Maker::<p384::NistP384>::new(curve).make(input),
        Curve::P521 => Maker::<p521::NistP521>::new(curve).make(input),
    }
}

/// A point with the given x-coordinate, as `x ‖ y`.
pub fn decompress(curve: Curve, x: &[u8], odd: bool) -> Option<Vec<u8>> {
    fn with<C: CurveArithmetic>(x: &[u8], odd: bool) -> Option<Vec<u8>>
    where
        AffinePoint<C>: DecompressPoint<C>,
    {
        let x = Array::try_from(x).ok()?;
        let point = Option::from(AffinePoint::<C>::decompress(&x, u8::from(odd).into()))?;
        Some(coordinates::<C>(&point))
    }
    match curve {
        Curve::P256 => with::<p256::NistP256>(x, odd),
        Curve::P384 => with::<p384::NistP384>(x, odd),
        Curve::P521 => with::<p521::NistP521>(x, odd),
    }
}

fn coordinates<C: CurveArithmetic>(point: &AffinePoint<C>) -> Vec<u8> {
    [point.x().as_slice(), point.y().as_slice()].concat()
}

struct Maker<C: CurveArithmetic> {
    curve: Curve,
    order: BigUint,
    marker: std::marker::PhantomData<C>,
}

impl<C: CurveArithmetic> Maker<C>
where
    AffinePoint<C>: DecompressPoint<C>,
{
    fn new(curve: Curve) -> Self {
        Self { curve, order: order(curve), marker: std::marker::PhantomData }
    }

    fn field_bytes(&self, number: &BigUint) -> Option<FieldBytes<C>> {
        Array::try_from(to_bytes(number, self.curve.field_len())?.as_slice()).ok()
    }

    fn scalar(&self, number: &BigUint) -> Scalar<C> {
        let bytes = self.field_bytes(&(number % &self.order)).expect("it fits");
        Option::from(Scalar::<C>::from_repr(bytes)).expect("it is reduced")
    }

    fn number(&self, scalar: &Scalar<C>) -> BigUint {
        BigUint::from_bytes_be(scalar.to_repr().as_ref())
    }

    fn choose(&self, input: &mut Input) -> Scalar<C> {
        self.scalar(&input.number(&self.order))
    }

    fn x(&self, point: &ProjectivePoint<C>) -> BigUint {
        let affine: AffinePoint<C> = (*point).into();
        BigUint::from_bytes_be(affine.x().as_ref())
    }

    fn point(&self, x: &BigUint, odd: bool) -> Option<ProjectivePoint<C>> {
        let affine: Option<AffinePoint<C>> =
            AffinePoint::<C>::decompress(&self.field_bytes(x)?, u8::from(odd).into()).into();
        affine.map(Into::into)
    }

    /// The first x from `x` on that a point has, and the point.
    fn next_point(&self, mut x: BigUint, odd: bool) -> Option<(BigUint, ProjectivePoint<C>)> {
        let p = prime(self.curve);
        for _ in 0..16 {
            x %= &p;
            if let Some(point) = self.point(&x, odd) {
                return Some((x, point));
            }
            x += 1u8;
        }
        None
    }

    fn make(&self, input: &mut Input) -> Option<(Case, bool)> {
        let length = input.byte().into();
        let message = input.bytes(length).to_vec();
        let z = self.scalar(&BigUint::from_bytes_be(&digest(hash_of(self.curve), &message)));
        let base = ProjectivePoint::<C>::generator();
        let how = input.byte();
        let (key, r, s, holds) = if how & 1 == 0 {
            self.from_secrets(&base, &z, how >> 1, input)?
        } else {
            self.from_sum(&base, &z, how >> 1, input)?
        };
        let holds = holds && !bool::from(r.is_zero()) && !bool::from(s.is_zero());
        if bool::from(key.is_identity()) {
            return None;
        }
        let signature = [r.to_repr().as_slice(), s.to_repr().as_slice()].concat();
        let key = Key::Ec { curve: self.curve, xy: coordinates::<C>(&key.into()) };
        let name = match self.curve {
            Curve::P256 => "ES256",
            Curve::P384 => "ES384",
            Curve::P521 => "ES512",
        };
        Some((Case { key, algorithm: name, message, signature }, holds))
    }

    /// Signs: with both secrets known, the key and the sum are known multiples of the base point.
    #[allow(clippy::type_complexity)]
    fn from_secrets(
        &self,
        base: &ProjectivePoint<C>,
        z: &Scalar<C>,
        how: u8,
        input: &mut Input,
    ) -> Option<(ProjectivePoint<C>, Scalar<C>, Scalar<C>, bool)> {
        let d = self.choose(input);
        let k = self.choose(input);
        let inverse = |scalar: Scalar<C>| -> Option<Scalar<C>> { Option::from(Field::invert(&scalar)) };
        let key = *base * d;
        if how % 8 == 0 {
            // The sum is infinite: no signature, whatever s is.
            return Some((key, -*z * inverse(d)?, k, false));
        }
        let r = self.scalar(&self.x(&(*base * k)));
        Some((key, r, (*z + r * d) * inverse(k)?, true))
    }

    /// Chooses the sum R and one of the two scalars u1 and u2; then s and the key (R − u1·G) / u2 follow.
    #[allow(clippy::type_complexity)]
    fn from_sum(
        &self,
        base: &ProjectivePoint<C>,
        z: &Scalar<C>,
        how: u8,
        input: &mut Input,
    ) -> Option<(ProjectivePoint<C>, Scalar<C>, Scalar<C>, bool)> {
        let inverse = |scalar: &Scalar<C>| -> Option<Scalar<C>> { Option::from(Field::invert(scalar)) };
        let p = prime(self.curve);
        let rest = &p - &self.order;
        let odd = how & 1 == 1;
        let mut holds = true;
        let (sum, r) = match how >> 1 & 7 {
            // x is between the order and p, so r is x less the order.
            0 | 1 => {
                let (x, sum) = self.next_point(&self.order + input.number(&rest), odd)?;
                (sum, x % &self.order)
            }
            // x is small, and r + order is congruent to it, but not below p.
            2 => {
                let (x, sum) = self.next_point(input.number(&self.order), odd)?;
                holds = false;
                (sum, (x + rest) % &self.order)
            }
            // Another x than r says, by a little.
            3 => {
                let (x, sum) = self.next_point(input.number(&p), odd)?;
                let other = (&x + input.number(&self.order)) % &self.order;
                holds = &x % &self.order == other;
                (sum, other)
            }
            4 | 5 => {
                let (x, sum) = self.next_point(input.number(&p), odd)?;
                (sum, x % &self.order)
            }
            _ => {
                let sum = *base * self.choose(input);
                (sum, self.x(&sum) % &self.order)
            }
        };
        let r = self.scalar(&r);
        let chosen = self.choose(input);
        let s = if how & 0x10 == 0 { r * inverse(&chosen)? } else { *z * inverse(&chosen)? };
        let w = inverse(&s)?;
        let (u1, u2) = (*z * w, r * w);
        debug_assert!(self.number(&r) < self.order);
        let key = (sum - *base * u1) * inverse(&u2)?;
        Some((key, r, s, holds && !bool::from(sum.is_identity())))
    }
}
