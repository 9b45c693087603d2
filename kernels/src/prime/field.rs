//! Field elements: signed digits of 24 bits, two elements per array, one in each lane.
//!
//! A digit is *reduced* when it is about 2^23 in magnitude. Sums of a few reduced elements may be multiplied as they
//! are; how many, the tests on intervals tell. Elements are not unique residues; [`to_integer`] makes them so.

use super::int::{self, Int, LIMB_BITS, LIMB_MASK, LIMBS, Modulus};
use super::modinv;
use super::word::{DIGIT_BITS, Lanes, Word};

/// Room for the digits of an element; those beyond the field's own number are of no meaning.
pub const MAX_DIGITS: usize = 22;

/// Two field elements, one in each lane.
pub type Element<W> = [W; MAX_DIGITS];

/// A prime field in digits. The group law asks for it by reference, so that one copy of it serves all curves.
pub trait Field<W: Word>: Sync {
    /// Digits of an element.
    fn digits(&self) -> usize;
    /// `out = a * b` in both lanes, in reduced digits.
    fn mul(&self, out: &mut Element<W>, a: &Element<W>, b: &Element<W>);
    /// `out = a^2` in both lanes, in reduced digits.
    fn sqr(&self, out: &mut Element<W>, a: &Element<W>);
    /// Gives sums of a few reduced elements reduced digits.
    fn carry(&self, a: &mut Element<W>);
}

/// A prime field with its constants.
pub struct Prime {
    /// The arithmetic.
    pub field: &'static dyn Field<Lanes>,
    /// The prime; inversion keeps elements in the field's own form.
    pub p: Modulus,
    /// The element by which an integer is multiplied to bring it into the field's own form.
    pub enter: [f64; MAX_DIGITS],
    /// 1 in the field's own form.
    pub one: [f64; MAX_DIGITS],
}

impl Prime {
    /// The prime `p` of so many bits with the arithmetic `field`, whose own form of a number x is `2^montgomery x`.
    pub const fn new(field: &'static dyn Field<Lanes>, p: &Int, bits: usize, montgomery: usize) -> Self {
        Self {
            field,
            p: Modulus::new(*p, bits, 2 * montgomery),
            enter: digits(&int::power_of_two(p, 2 * montgomery)),
            one: digits(&int::power_of_two(p, montgomery)),
        }
    }
}

/// A field, and room for what formulas need in between.
pub struct Workspace<W: 'static> {
    /// The field.
    pub field: &'static dyn Field<W>,
    /// The room.
    pub room: [Element<W>; 5],
}

impl<W: Word> Workspace<W> {
    /// Empty room.
    pub fn new(field: &'static dyn Field<W>) -> Self {
        Self { field, room: [[W::splat(0.0); MAX_DIGITS]; 5] }
    }
}

/// The first `n` of the digits.
#[inline(always)]
pub fn first<T>(n: usize, digits: &[T]) -> &[T] {
    digits.get(..n).unwrap_or_default()
}

/// The first `n` of the digits.
#[inline(always)]
pub fn first_mut<T>(n: usize, digits: &mut [T]) -> &mut [T] {
    digits.get_mut(..n).unwrap_or_default()
}

/// Sets the first `$n` digits of the elements `$out`, given by reference, from their own and those of others, all
/// meant by the names of the elements: `each!(n; [a] [b c] => b.add(c))`, or with two results and a pair of values.
macro_rules! each {
    ($n:expr; [$out:ident] [$($in:ident)*] => $value:expr) => {
        each!(@zip $n, first_mut($n, $out).iter_mut(), slot, [$($in)*], {
            #[allow(unused_variables, reason = "not every use needs the old digit")]
            let $out = *slot;
            *slot = $value;
        })
    };
    ($n:expr; [$out:ident $second:ident] [$($in:ident)*] => $value:expr) => {
        each!(@zip $n, first_mut($n, $out).iter_mut().zip(first_mut($n, $second)), (slot, other), [$($in)*], {
            (*slot, *other) = $value;
        })
    };
    (@zip $n:expr, $iterator:expr, $pattern:pat, [], $body:block) => {
        for $pattern in $iterator $body
    };
    (@zip $n:expr, $iterator:expr, $pattern:pat, [$in:ident $($more:ident)*], $body:block) => {
        each!(@zip $n, $iterator.zip(first($n, &$in[..])), ($pattern, &$in), [$($more)*], $body)
    };
}
pub(crate) use each;

/// The integer between 0 and p that the element in the first lane stands for.
#[allow(clippy::indexing_slicing, reason = "indices are below the constant length")]
#[inline(never)]
pub fn to_integer(n: usize, a: &Element<Lanes>, p: &Modulus) -> Int {
    // Digits to limbs.
    let mut limbs = [0i64; LIMBS];
    for (index, digit) in first(n, a).iter().enumerate() {
        let position = index * DIGIT_BITS as usize;
        if let Some(limb) = limbs.get_mut(position / LIMB_BITS as usize) {
            *limb += (digit.to_array()[0] as i64) << (position % LIMB_BITS as usize);
        }
    }
    // The quotient, estimated from the top limbs, is off by one at most.
    let top = p.limbs.clamp(2, LIMBS) - 1;
    let weight = f64::from(LIMB_MASK + 1);
    let estimate = limbs[top] as f64 * weight + limbs[top - 1] as f64;
    let divisor = f64::from(p.value[top]) * weight + f64::from(p.value[top - 1]);
    let quotient = crate::floor(estimate / divisor);
    for (limb, &m) in limbs.iter_mut().zip(&p.value) {
        *limb -= quotient * i64::from(m);
    }
    let mut number = int::from_wide(&limbs);
    if int::is_negative(&number) {
        number = int::combine(&number, &p.value, 1);
    }
    int::reduce_once(&number, &p.value)
}

/// The digits of an integer that is not negative.
#[allow(clippy::indexing_slicing, reason = "indices are below the constant length")]
pub const fn digits(a: &Int) -> [f64; MAX_DIGITS] {
    let mut result = [0.0; MAX_DIGITS];
    let mut i = 0;
    while i < MAX_DIGITS {
        let position = i as u32 * DIGIT_BITS;
        let (limb, shift) = ((position / LIMB_BITS) as usize, position % LIMB_BITS);
        let mut wide = 0;
        if limb < LIMBS {
            wide = a[limb] as i64 >> shift;
        }
        if limb + 1 < LIMBS {
            wide |= (a[limb + 1] as i64) << (LIMB_BITS - shift);
        }
        result[i] = (wide & ((1 << DIGIT_BITS) - 1)) as f64;
        i += 1;
    }
    result
}

/// The element with these digits in both lanes, reduced.
#[inline(never)]
pub fn from_digits<W: Word>(field: &dyn Field<W>, digits: &[f64; MAX_DIGITS]) -> Element<W> {
    let mut result = [W::splat(0.0); MAX_DIGITS];
    let element = &mut result;
    each!(field.digits(); [element] [digits] => W::splat(digits));
    field.carry(element);
    result
}

/// The field element of an integer, in both lanes.
#[inline(never)]
pub fn enter(prime: &Prime, number: &Int) -> Element<Lanes> {
    let number = from_digits(prime.field, &digits(number));
    let factor = from_digits(prime.field, &prime.enter);
    let mut element = number;
    prime.field.mul(&mut element, &number, &factor);
    element
}

/// The field elements of two integers, one in each lane.
pub fn enter_both(prime: &Prime, numbers: &[Int; 2]) -> Element<Lanes> {
    let a = &mut enter(prime, &numbers[0]);
    let b = &enter(prime, &numbers[1]);
    each!(prime.field.digits(); [a] [b] => Lanes::blend(a, b));
    *a
}

/// The element with its lanes exchanged.
#[inline(never)]
pub fn swapped<W: Word>(n: usize, a: &Element<W>) -> Element<W> {
    let mut result = [W::splat(0.0); MAX_DIGITS];
    let swapped = &mut result;
    each!(n; [swapped] [a] => W::cross(a, a));
    result
}

/// Whether the element in the first lane is zero modulo p.
pub fn is_zero(prime: &Prime, a: &Element<Lanes>) -> bool {
    int::is_zero(&to_integer(prime.field.digits(), a, &prime.p))
}

/// The inverse of the element in the first lane, in both lanes; `None` for zero.
pub fn invert(prime: &Prime, a: &Element<Lanes>) -> Option<Element<Lanes>> {
    let number = to_integer(prime.field.digits(), a, &prime.p);
    if int::is_zero(&number) {
        return None;
    }
    let inverse = modinv::divide(&number, &prime.p);
    Some(from_digits(prime.field, &digits(&inverse)))
}

/// Replaces both lanes by their inverses, given how to invert the first; `None` if one of them is zero.
#[inline(never)]
pub fn invert_lanes<W: Word>(
    field: &dyn Field<W>,
    a: &mut Element<W>,
    invert: impl FnOnce(&Element<W>) -> Option<Element<W>>,
) -> Option<()> {
    let swapped = swapped(field.digits(), a);
    let mut product = swapped;
    field.mul(&mut product, a, &swapped);
    field.mul(a, &invert(&product)?, &swapped);
    Some(())
}
