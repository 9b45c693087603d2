//! `u₁ G + u₂ Q` by signed Lim-Lee combs for both points.
//!
//! A scalar is written with a sign at each of `TEETH * BLOCKS * steps` positions ([`Signs`]). Tooth t, block b and
//! step s meet at position `(BLOCKS * t + b) * steps + s`. For each block the table holds
//! `2^(b steps) Σ ±2^(BLOCKS steps t) P` over the teeth t, for all signs of the teeth below the top one, which is
//! plus: the others are negatives. So `k P = Σ 2^s ±entry` over the steps s and the blocks: `steps` doublings in all.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::affine::{Affine, add_all, invert_all};
use super::curve::Curve;
use super::point::Jacobian;
use super::scalar::Signs;
use crate::prime::field::{self, Element, MAX_DIGITS, Workspace, each, first, first_mut};
use crate::prime::int::{self, Int};
use crate::prime::word::{Lanes, Word};

/// Bits of a scalar that choose one table entry.
pub const TEETH: usize = 8;

/// Tables per point. The code keeps one of two blocks, or one point, in each lane, so this is fixed.
pub const BLOCKS: usize = 4;

/// Entries of a block.
const ENTRIES: usize = 1 << (TEETH - 1);

/// The multiples of a point that its comb needs.
pub struct Table {
    /// x and y digit by digit, packed; as many as the field has digits for an entry, block after block.
    digits: Box<[i64]>,
}

impl Table {
    /// The table of the point whose affine coordinates are in the lanes.
    ///
    /// The point must be on the curve: then all multiples that meet here are different and none is infinite, since
    /// they are smaller than n, and there is a table.
    #[inline(never)]
    pub fn new(curve: &Curve, point: &Element<Lanes>) -> Option<Self> {
        let n = curve.prime.field.digits();
        let mut digits = Vec::with_capacity(BLOCKS * ENTRIES * n);
        let mut xy = *point;
        let points = multiples(curve, point)?;
        for pair in 0..BLOCKS / 2 {
            for second in [false, true] {
                for entries in points.chunks(BLOCKS / 2) {
                    entries.get(pair)?.one(n, second, &mut xy);
                    digits.extend(first(n, &xy).iter().map(|xy| xy.pack()));
                }
            }
        }
        Some(Self { digits: digits.into() })
    }

    /// Bytes of memory that the table takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.digits)
    }

    /// The entry that `choice`, signs of the teeth, stands for in a block, and the sign it is to be given.
    #[inline(always)]
    fn look_up(&self, n: usize, block: usize, choice: u8) -> (&[i64], f64) {
        let plus = choice >> (TEETH - 1) == 1;
        let index = usize::from(if plus { choice } else { !choice }) % ENTRIES;
        let start = (block * ENTRIES + index) * n;
        let entry = self.digits.get(start..).unwrap_or_default();
        (entry, if plus { 1.0 } else { -1.0 })
    }
}

/// The entries of the table, one block in each lane: by turns those of the first two blocks and of the other two.
fn multiples(curve: &Curve, point: &Element<Lanes>) -> Option<Vec<Affine<Lanes>>> {
    let (field, n) = (curve.prime.field, curve.prime.field.digits());
    let workspace = &mut Workspace::new(field);
    // 2^(i steps) P: block i mod 4 of tooth i / 4.
    let mut p = Jacobian::from_affine(curve, point);
    let mut teeth = vec![Affine::zero(); BLOCKS / 2 * TEETH];
    let mut inverses = vec![[Lanes::splat(0.0); MAX_DIGITS]; BLOCKS / 2 * TEETH];
    for (Affine { x, y }, inverse) in teeth.iter_mut().zip(&mut inverses) {
        let start = p;
        for _ in 0..curve.steps {
            p.double(workspace);
        }
        let (Jacobian { xy: a, z: c }, Jacobian { xy: b, z: d }) = (&start, &p);
        each!(n; [x y] [a b] => (Lanes::low(a, b), Lanes::high(a, b)));
        each!(n; [inverse] [c d] => Lanes::high(c, d));
        for _ in 0..curve.steps {
            p.double(workspace);
        }
    }
    let invert = |a: &Element<Lanes>| field::invert(&curve.prime, a);
    invert_all(field, &mut inverses, invert)?;
    for (tooth, inverse) in teeth.iter_mut().zip(&inverses) {
        tooth.scale(inverse, workspace);
    }
    // The top teeth, then all others both subtracted and added.
    let mut points = Vec::with_capacity(BLOCKS / 2 * ENTRIES);
    let (others, top) = teeth.split_at_checked(BLOCKS / 2 * (TEETH - 1))?;
    points.extend_from_slice(top);
    for teeth in others.chunks(BLOCKS / 2) {
        let mut inverses = Affine::runs(n, &points, teeth);
        invert_all(field, &mut inverses, invert)?;
        points.extend_from_within(..);
        let half = inverses.len();
        for (index, point) in points.iter_mut().enumerate() {
            let (tooth, inverse) = (teeth.get(index % teeth.len())?, inverses.get(index % half)?);
            let sign = if index < half { -1.0 } else { 1.0 };
            point.add(tooth, sign, inverse, workspace);
            field.carry(&mut point.y);
        }
    }
    Some(points)
}

/// The tables of two points and the signs of their scalars.
pub struct Combs<'a> {
    curve: &'a Curve,
    tables: [&'a Table; 2],
    signs: [Signs; 2],
}

impl<'a> Combs<'a> {
    /// The sum of `scalars[i]` times the point of `tables[i]`; scalars are below n.
    pub fn new(curve: &'a Curve, tables: [&'a Table; 2], scalars: &[Int; 2]) -> Self {
        Self {
            curve,
            tables,
            signs: scalars.each_ref().map(|scalar| Signs::new(scalar, BLOCKS * curve.steps, &curve.order)),
        }
    }

    /// The sum, if it is not infinite.
    pub fn sum(&self) -> Option<Jacobian<Lanes>> {
        let finite = |sum: &Jacobian<Lanes>| !sum.is_infinite(self.curve);
        let slowly = || Some(self.sum_slowly()).filter(finite);
        self.sum_fast().filter(finite).or_else(slowly)
    }

    /// The sum, if no addition met an exceptional case; `None` or Z = 0 if one did.
    #[inline(never)]
    pub fn sum_fast(&self) -> Option<Jacobian<Lanes>> {
        let curve = self.curve;
        let n = curve.prime.field.digits();
        let workspace = &mut Workspace::new(curve.prime.field);
        // The four blocks of both combs, one comb in each lane.
        let chosen = |index| self.choose(index / curve.steps, index % curve.steps);
        let mut points: Vec<_> = (0..BLOCKS * curve.steps).map(chosen).collect();
        let (points, others) = points.split_at_mut(2 * curve.steps);
        add_all(curve, points, others, workspace)?;
        for point in &mut *points {
            curve.prime.field.carry(&mut point.y);
        }
        let (points, others) = points.split_at_mut(curve.steps);
        add_all(curve, points, others, workspace)?;
        // The two combs, one of two adjacent steps in each lane.
        let mut sums = vec![Affine::zero(); curve.steps.div_ceil(2)];
        let mut others = sums.clone();
        for ((sum, other), pair) in sums.iter_mut().zip(&mut others).zip(points.chunks(2)) {
            let (even, odd) = (pair.first()?, pair.last()?);
            let (x, other_x, even_x, odd_x) = (&mut sum.x, &mut other.x, &even.x, &odd.x);
            each!(n; [x other_x] [even_x odd_x] => {
                (Lanes::low(even_x, odd_x), Lanes::high(even_x, odd_x))
            });
            let (y, other_y, even_y, odd_y) = (&mut sum.y, &mut other.y, &even.y, &odd.y);
            each!(n; [y other_y] [even_y odd_y] => {
                (Lanes::low(even_y, odd_y), Lanes::high(even_y, odd_y))
            });
        }
        add_all(curve, &mut sums, &others, workspace)?;
        let mut xy = [Lanes::splat(0.0); MAX_DIGITS];
        let mut steps = (0..curve.steps).rev();
        let top = steps.next()?;
        sums.get(top / 2)?.one(n, top % 2 == 1, &mut xy);
        let mut sum = Jacobian::from_affine(curve, &xy);
        for step in steps {
            sums.get(step / 2)?.one(n, step % 2 == 1, &mut xy);
            sum.double(workspace);
            sum.add_mixed(&xy, workspace);
        }
        Some(sum)
    }

    /// The sum by the group law that handles every case.
    #[inline(never)]
    pub fn sum_slowly(&self) -> Jacobian<Lanes> {
        let curve = self.curve;
        let n = curve.prime.field.digits();
        let workspace = &mut Workspace::new(curve.prime.field);
        let mut sum = Jacobian::infinity();
        let mut xy = [Lanes::splat(0.0); MAX_DIGITS];
        for step in (0..curve.steps).rev() {
            sum.double(workspace);
            for block in 0..BLOCKS {
                let points = self.choose(block, step);
                for second in [false, true] {
                    points.one(n, second, &mut xy);
                    sum.add(curve, &xy, workspace);
                }
            }
        }
        sum
    }

    /// The entries of both tables for a block and a step, one in each lane.
    #[inline(never)]
    fn choose(&self, block: usize, step: usize) -> Affine<Lanes> {
        let n = self.curve.prime.field.digits();
        let column = block * self.curve.steps + step;
        let [first_table, second_table] = self.tables;
        let [first_signs, second_signs] = &self.signs;
        let (a, first_sign) = first_table.look_up(n, block, first_signs.column(column));
        let (b, second_sign) = second_table.look_up(n, block, second_signs.column(column));
        let sign = Lanes::new(first_sign, second_sign);
        let mut points = Affine::zero();
        let Affine { x, y } = &mut points;
        each!(n; [x y] [a b] => {
            let (a, b) = (Lanes::unpack(a), Lanes::unpack(b));
            (Lanes::low(a, b), Lanes::high(a, b).mul(sign))
        });
        points
    }
}

/// Whether the affine x-coordinate of `sum`, which is not infinite, is `x < p`: `x Z² = X`, without an inversion.
fn has_x(curve: &Curve, sum: &Jacobian<Lanes>, x: &Int) -> bool {
    let Jacobian { xy, z } = sum;
    let (mut square, mut product) = (*z, *z);
    curve.prime.field.sqr(&mut square, z);
    curve.prime.field.mul(&mut product, &field::enter(&curve.prime, x), &square);
    let difference = &mut product;
    each!(curve.prime.field.digits(); [difference] [xy] => Lanes::cross(difference, difference).sub(xy));
    field::is_zero(&curve.prime, difference)
}

/// Whether the x-coordinate of `sum`, reduced modulo n, is `r < n`: it may be r or r + n (FIPS 186-5, 6.4.2).
pub fn has_x_modulo_order(curve: &Curve, sum: &Jacobian<Lanes>, r: &Int) -> bool {
    let above = int::combine(r, &curve.order.value, 1);
    has_x(curve, sum, r) || int::less(&above, &curve.prime.p.value) && has_x(curve, sum, &above)
}
