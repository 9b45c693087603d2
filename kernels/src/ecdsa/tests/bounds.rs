//! The proof that no value leaves the range in which the arithmetic is exact.
//!
//! K is the set of elements that products, squares and carries give, digit by digit. It is found as a fixpoint: the
//! very code of the group law runs on K, what comes out is added to K, until nothing new appears. [`Interval`] fails
//! as soon as anything on the way could reach 2^53.

use crate::ecdsa::affine::{Affine, invert_all};
use crate::ecdsa::curve::Curve;
use crate::ecdsa::p256::{Field256, P256};
use crate::ecdsa::p384::{Field384, P384};
use crate::ecdsa::p521::{Field521, P521};
use crate::ecdsa::point::Jacobian;
use crate::ed25519::curve as ed25519;
use crate::prime::field::{Element, Field, Workspace};
use crate::prime::int::{LIMB_MASK, LIMBS, Modulus};
use crate::prime::interval::{Interval, Range, Sum};
use crate::prime::word::Word;
use crate::prime::{modinv, modmul};
use core::array::from_fn;

type Set = Element<Interval>;

/// Adds the elements of both lanes to the set.
fn include(set: &mut Set, element: &Set) -> bool {
    let before = *set;
    for (digit, new) in set.iter_mut().zip(element) {
        *digit = digit.hull(Interval::both(new.0.hull(new.1)));
    }
    before != *set
}

fn map(a: &Set, b: &Set, f: impl Fn(Interval, Interval) -> Interval) -> Set {
    from_fn(|i| f(a[i], b[i]))
}

/// Everything that the group law computes from elements of K, with all products added to K.
fn grow(field: &'static dyn Field<Interval>, entering: &Set, k: &mut Set) -> bool {
    let mut grown = false;
    let mut workspace = Workspace::new(field);
    let mut product = *k;

    // Entering the field; the equation of the curve; comparing x-coordinates.
    field.mul(&mut product, k, k);
    grown |= include(k, &product);
    field.sqr(&mut product, k);
    grown |= include(k, &product);
    let sum = map(k, k, Interval::add);
    let equation = map(&sum, &map(k, k, |a, b| a.mul(Interval::splat(3.0)).add(b)), Interval::sub);
    small_enough_for_to_integer(&equation);

    // Doubling: of a carried point, and of what an addition leaves, whose Y is a difference.
    let difference = map(k, k, Interval::sub);
    let carried = Jacobian { xy: *k, z: *k };
    let added = Jacobian { xy: map(k, &difference, Interval::blend), z: *k };
    for start in [carried, added] {
        let mut p = start;
        p.double(&mut workspace);
        grown |= include(k, &p.xy);
        grown |= include(k, &p.z);
        // The slow law carries first.
        let mut xy = start.xy;
        field.carry(&mut xy);
        grown |= include(k, &xy);
    }

    // Sums of affine points: from the table, with a sign; carried they are as those from the table. Then of such sums.
    let entry = Affine { x: *k, y: *k };
    let mut sum = entry;
    for sign in [1.0, -1.0] {
        sum = entry;
        sum.add(&entry, sign, k, &mut workspace);
        grown |= include(k, &sum.x);
        let mut carried = sum.y;
        field.carry(&mut carried);
        grown |= include(k, &carried);
    }
    let once = sum;
    sum.add(&once, 1.0, k, &mut workspace);
    grown |= include(k, &sum.x);

    // Adding such a sum, which starts the accumulation too, or a table entry.
    let (mut of_sums, mut of_entries) = (*k, *k);
    sum.one(field.digits(), false, &mut of_sums);
    once.one(field.digits(), true, &mut of_entries);
    for point in [of_sums, of_entries, *k] {
        let mut carried_point = point;
        field.carry(&mut carried_point);
        grown |= include(k, &carried_point);
        let mut p = carried;
        p.add_mixed(&point, &mut workspace);
        grown |= include(k, &map(&p.xy, &p.xy, Interval::low));
        grown |= include(k, &p.z);
        // Y is a difference of products.
        grown |= include(k, &workspace.room[4]);
        let ys = p.xy.iter().zip(&added.xy);
        assert!(grown || ys.clone().all(|(y, expected)| y.hull(*expected) == *expected));
        // H and R of the slow law are compared with zero.
        small_enough_for_to_integer(&workspace.room[3]);
    }

    // Inversions, of differences of x-coordinates and of Z: three show the first, the last and one between.
    for value in [difference, *k] {
        let mut values = [value; 3];
        let inverted = *entering;
        let done = invert_all(field, &mut values, |product| {
            small_enough_for_to_integer(product);
            Some(inverted)
        });
        assert!(done.is_some());
        for value in &values {
            grown |= include(k, value);
        }
        let mut single = [value];
        assert!(invert_all(field, &mut single, |_| Some(inverted)).is_some());
        grown |= include(k, &single[0]);
    }
    let mut scaled = Affine { x: *k, y: *k };
    scaled.scale(k, &mut workspace);
    grown |= include(k, &scaled.x);
    grown |= include(k, &scaled.y);
    grown
}

/// [`field::to_integer`] shifts digits by 28 bits at most and subtracts a product of 60 bits.
fn small_enough_for_to_integer(a: &Set) {
    let limit = 1 << 33;
    for digit in a {
        for range in [digit.0, digit.1] {
            assert!(-limit < range.least && range.most < limit, "{range:?}");
        }
    }
}

fn prove(field: &'static dyn Field<Interval>, bits: usize) {
    // Integers of so many bits: what `from_digits` is given.
    let mut entering: Set = from_fn(|i| {
        let bits = bits.saturating_sub(24 * i).min(24);
        Interval::both(Range::new(0, (1 << bits) - 1))
    });
    field.carry(&mut entering);
    let mut k = entering;
    let mut rounds = 0;
    while grow(field, &entering, &mut k) {
        rounds += 1;
        assert!(rounds < 100, "no fixpoint");
    }
    // Table entries are stored in 32 bits.
    for digit in &k[..field.digits()] {
        let limit = 1 << 31;
        assert!(-limit < digit.0.least && digit.0.most < limit);
    }
}

#[test]
fn p256_stays_exact() {
    prove(&Field256, 256);
}

#[test]
fn p384_stays_exact() {
    prove(&Field384, 384);
}

#[test]
fn p521_stays_exact() {
    prove(&Field521, 521);
}

/// Limbs of any number up to about four times the modulus in magnitude.
fn any(modulus: &Modulus) -> [Sum; LIMBS] {
    let top = modulus.limbs - 1;
    any_up_to(top, 4 * (i128::from(modulus.value[top]) + 1))
}

/// Limbs of any number whose topmost limb is `top` and at most `size` in magnitude.
fn any_up_to(top: usize, size: i128) -> [Sum; LIMBS] {
    from_fn(|i| {
        Sum(match i.cmp(&top) {
            core::cmp::Ordering::Less => Range::new(0, LIMB_MASK.into()),
            core::cmp::Ordering::Equal => Range::new(-size, size),
            core::cmp::Ordering::Greater => Range::new(0, 0),
        })
    })
}

fn moduli() -> impl Iterator<Item = &'static Modulus> {
    let curves = [&P256, &P384, &P521].into_iter();
    curves.flat_map(|Curve { prime, order, .. }| [&prime.p, order]).chain([&ed25519::PRIME.p, &ed25519::ORDER])
}

/// Inputs are in the range by the theorem that the sums of the magnitudes in a row of the matrix are at most 2^30; a
/// test of the inversion itself looks at it too.
#[test]
fn columns_of_inversion_fit() {
    let step = Sum(Range::new(-(1 << 30), 1 << 30));
    for modulus in moduli() {
        let (mut f, mut g) = (any(modulus), any(modulus));
        modinv::advance(&mut f, &mut g, &[step; 4], modulus.limbs);
        // Once limbs have gone, the topmost one is a limb with a sign.
        for limbs in 1..modulus.limbs {
            let (mut f, mut g) = [any_up_to(limbs - 1, 1 << 31); 2].into();
            modinv::advance(&mut f, &mut g, &[step; 4], limbs);
        }
        let (mut d, mut e) = (any(modulus), any(modulus));
        modinv::advance_modular(&mut d, &mut e, &[step; 4], modulus);
    }
}

#[test]
fn columns_of_products_fit() {
    for modulus in moduli() {
        let mut product = [Sum::from(0); LIMBS];
        modmul::multiply(&mut product, &any(modulus), &any(modulus), modulus);
    }
    // The halves of Ed25519's digests have as many bits as there is room for.
    let any_limb = Sum(Range::new(0, LIMB_MASK.into()));
    let mut product = [Sum::from(0); LIMBS];
    modmul::multiply(&mut product, &[any_limb; LIMBS], &any(&ed25519::ORDER), &ed25519::ORDER);
}

impl From<i32> for Sum {
    fn from(limb: i32) -> Self {
        <Self as crate::prime::column::Column>::new(limb)
    }
}
