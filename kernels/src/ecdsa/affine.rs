//! Additions of many affine points at once, which share one inversion (Montgomery's trick).

use alloc::vec::Vec;

use super::curve::Curve;
use crate::prime::field::{self, Element, Field, MAX_DIGITS, Workspace, each, first, first_mut};
use crate::prime::word::{Lanes, Word};

/// Two points, one in each lane.
#[derive(Clone, Copy)]
pub struct Affine<W> {
    /// The x-coordinates.
    pub x: Element<W>,
    /// The y-coordinates.
    pub y: Element<W>,
}

impl<W: Word> Affine<W> {
    /// Room for two points.
    pub fn zero() -> Self {
        let zero = [W::splat(0.0); MAX_DIGITS];
        Self { x: zero, y: zero }
    }

    /// Sets x and y in the lanes of `xy` to the point in the second or the first lane.
    #[inline(never)]
    pub fn one(&self, n: usize, second: bool, xy: &mut Element<W>) {
        let Self { x, y } = self;
        if second {
            each!(n; [xy] [x y] => W::high(x, y));
        } else {
            each!(n; [xy] [x y] => W::low(x, y));
        }
    }

    /// Jacobian coordinates X and Y to affine ones, given the inverse of Z.
    pub fn scale(&mut self, inverse: &Element<W>, Workspace { field, room }: &mut Workspace<W>) {
        let [a, b, ..] = room;
        field.sqr(a, inverse);
        field.mul(b, &self.x, a);
        self.x = *b;
        field.mul(b, &self.y, a);
        field.mul(&mut self.y, b, inverse);
    }

    /// What has to be inverted for [`Self::add`]: the differences of the x-coordinates. The others take turns if they are
    /// fewer than the points.
    #[inline(never)]
    pub fn runs(n: usize, points: &[Self], others: &[Self]) -> Vec<Element<W>> {
        let mut runs = vec![[W::splat(0.0); MAX_DIGITS]; points.len()];
        for ((run, Self { x, .. }), Self { x: other, .. }) in runs.iter_mut().zip(points).zip(others.iter().cycle()) {
            each!(n; [run] [x other] => other.sub(x));
        }
        runs
    }

    /// `P <- P + sign * other` for `sign` = 1 or -1, where `inverse` is the inverse of the run.
    #[inline(never)]
    pub fn add(&mut self, other: &Self, sign: f64, inverse: &Element<W>, Workspace { field, room }: &mut Workspace<W>) {
        let n = field.digits();
        let [slope, a, b, ..] = room;
        let Self { x, y } = self;
        let (other_x, other_y) = (&other.x, &other.y);
        let sign = W::splat(sign);
        each!(n; [a] [other_y y] => other_y.mul(sign).sub(y));
        field.mul(slope, a, inverse);
        field.sqr(a, slope);
        each!(n; [a] [x other_x] => a.sub(x).sub(other_x));
        field.carry(a);
        each!(n; [b] [x a] => x.sub(a));
        each!(n; [x] [a] => a);
        field.mul(a, slope, b);
        each!(n; [y] [a] => a.sub(y));
    }
}

/// Replaces each element by its inverse, both lanes, given how to invert the first lane of one. `None` if one of them
/// is zero.
#[inline(never)]
pub fn invert_all<W: Word>(
    field: &dyn Field<W>,
    values: &mut [Element<W>],
    invert: impl FnOnce(&Element<W>) -> Option<Element<W>>,
) -> Option<()> {
    // products[i] is the product of the values up to i.
    let mut products = values.to_vec();
    let mut up_to = products.iter_mut();
    let mut before = up_to.next()?;
    for (product, value) in up_to.zip(values.iter().skip(1)) {
        field.mul(product, before, value);
        before = product;
    }
    let mut inverse = products.pop()?;
    field::invert_lanes(field, &mut inverse, invert)?;
    let (mut inverse, mut next) = (&mut inverse, &mut [W::splat(0.0); MAX_DIGITS]);
    let (first, rest) = values.split_first_mut()?;
    for (value, before) in rest.iter_mut().zip(&products).rev() {
        field.mul(next, inverse, value);
        field.mul(value, inverse, before);
        (inverse, next) = (next, inverse);
    }
    *first = *inverse;
    Some(())
}

/// Adds the other points to the points, lane by lane. `None` if two that are added have the same x-coordinate.
#[inline(never)]
pub fn add_all(
    curve: &Curve,
    points: &mut [Affine<Lanes>],
    others: &[Affine<Lanes>],
    workspace: &mut Workspace<Lanes>,
) -> Option<()> {
    let mut inverses = Affine::runs(curve.prime.field.digits(), points, others);
    invert_all(curve.prime.field, &mut inverses, |a| field::invert(&curve.prime, a))?;
    for ((point, other), inverse) in points.iter_mut().zip(others).zip(&inverses) {
        point.add(other, 1.0, inverse, workspace);
    }
    Some(())
}
