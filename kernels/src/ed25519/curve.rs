//! The curve −x² + y² = 1 + d x² y² modulo 2^255 − 19, and how its points and scalars are encoded.

use super::point::Point;
use crate::prime::field::{self, Element, Field, Prime, each, first, first_mut};
use crate::prime::int::{self, Int, LIMBS, Modulus};
use crate::prime::modmul;
use crate::prime::product::{self, Reduce, Wide, field};
use crate::prime::word::{Lanes, Word};

/// The field modulo p = 2^255 - 19: eleven digits, 264 bits.
pub struct Field25519;

/// 2^264 mod p
const WRAP: f64 = 9728.0;

impl<W: Word> Reduce<W, 11> for Field25519 {
    #[inline(never)]
    fn fold(out: &mut [W; 11], columns: &Wide<W, 11>) {
        *out = product::fold_wrapped(columns, WRAP);
    }
}

fn carry_all<W: Word>(t: &mut [W; 11]) {
    product::carry_wrapped(t, WRAP);
}

field!(Field25519, 11);

const P: Int = int::from_hex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");

/// The field.
pub static PRIME: Prime = Prime::new(&Field25519, &P, 255, 0);

const L: Int = int::from_hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");

/// The group's order L; quotients are in Montgomery form.
pub static ORDER: Modulus = Modulus::new(L, 253, 270);

/// 2^526 modulo L: multiplied in Montgomery form, 2^256.
static UPPER: Int = int::power_of_two(&L, 526);

/// 2 d and 2.
static FACTORS: [Int; 2] =
    [int::from_hex("2406d9dc56dffce7198e80f2eef3d13000e0149a8283b156ebd69b9426b2f159"), int::from_hex("02")];

/// 1 and the square root of −1.
static ROOTS: [Int; 2] =
    [int::from_hex("01"), int::from_hex("2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0")];

/// 2 d in the first lane, 2 in the second.
pub fn factors() -> Element<Lanes> {
    field::enter_both(&PRIME, &FACTORS)
}

/// A little-endian number.
pub fn number(bytes: &[u8; 32]) -> Int {
    let mut bytes = *bytes;
    bytes.reverse();
    int::from_bytes(&bytes)
}

/// The little-endian number of 64 bytes modulo L.
pub fn scalar(bytes: &[u8]) -> Int {
    let half = |bytes: Option<&[u8; 32]>| bytes.map_or([0; LIMBS], number);
    let low = modmul::montgomery(&half(bytes.first_chunk()), &ORDER.factor, &ORDER);
    let high = modmul::montgomery(&half(bytes.last_chunk()), &UPPER, &ORDER);
    int::reduce_once(&int::combine(&low, &high, 1), &ORDER.value)
}

/// The number y of an encoded point and whether its x is odd.
fn split(encoded: &[u8; 32]) -> (Int, bool) {
    let mut y = *encoded;
    let [.., last] = &mut y;
    let odd = *last >> 7 == 1;
    *last &= 0x7f;
    (number(&y), odd)
}

/// The point that is encoded, or its negative. Like most implementations, it takes a y that is not reduced and a
/// negative zero.
pub fn decode(encoded: &[u8; 32], negative: bool) -> Option<Point<Lanes>> {
    let n = PRIME.field.digits();
    let (y_number, odd) = split(encoded);
    let y = field::enter(&PRIME, &y_number);
    // x² = (2 y² − 2) / (2 d y² + 2)
    let (mut a, mut b) = (y, y);
    PRIME.field.sqr(&mut a, &y);
    PRIME.field.mul(&mut b, &a, &factors());
    if let Some(lowest) = b.first_mut() {
        *lowest = lowest.add(Lanes::new(2.0, -2.0));
    }
    let inverse = field::invert(&PRIME, &b)?;
    PRIME.field.mul(&mut a, &field::swapped(n, &b), &inverse);
    let square = &mut b;
    each!(n; [square] [a] => Lanes::low(a, a));
    // Up to the square root of −1, the root is its power to (p + 3) / 8 = 2^252 − 2.
    let mut x = *square;
    for _ in 0..250 {
        PRIME.field.sqr(&mut a, &x);
        PRIME.field.mul(&mut x, &a, square);
    }
    PRIME.field.sqr(&mut a, &x);
    PRIME.field.mul(&mut x, &a, &field::enter_both(&PRIME, &ROOTS));
    let difference = &mut a;
    PRIME.field.sqr(difference, &x);
    each!(n; [difference] [square] => difference.sub(square));
    if !field::is_zero(&PRIME, difference) {
        x = field::swapped(n, &x);
        if !field::is_zero(&PRIME, &field::swapped(n, difference)) {
            return None;
        }
    }
    let mut x = field::to_integer(n, &x, &PRIME.p);
    if is_odd(&x) != (odd ^ negative) {
        x = int::combine(&P, &x, -1);
    }
    Some(Point::from_affine(&field::enter_both(&PRIME, &[x, y_number])))
}

/// Whether a point is what `encoded` says, in the one reduced spelling.
pub fn is_encoded(point: &Point<Lanes>, encoded: &[u8; 32]) -> bool {
    let n = PRIME.field.digits();
    let (y, odd) = split(encoded);
    let Some(inverse) = field::invert(&PRIME, &field::swapped(n, &point.tz)) else { return false };
    let mut xy = inverse;
    PRIME.field.mul(&mut xy, &point.xy, &inverse);
    let [x, expected] = [xy, field::swapped(n, &xy)].map(|a| field::to_integer(n, &a, &PRIME.p));
    y == expected && odd == is_odd(&x)
}

fn is_odd([lowest, ..]: &Int) -> bool {
    lowest & 1 == 1
}
