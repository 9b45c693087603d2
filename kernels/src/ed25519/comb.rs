//! `u₁ B + u₂ A` by Lim-Lee combs for both points.
//!
//! Tooth t and step s meet at bit `t STEPS + s` of a scalar. The table holds `Σ 2^(t STEPS) P` for all sets of teeth
//! t. So `k P = Σ 2^s entry` over the steps s: `STEPS` doublings in all. Keys may have a part of small order, so a
//! scalar must stay what it is: there are no signs, which would need an odd one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::curve::{PRIME, factors};
use super::point::{Point, Summand};
use crate::prime::field::{Workspace, each, first, first_mut};
use crate::prime::int::{Int, LIMB_BITS};
use crate::prime::word::Lanes;

/// Bits of a scalar that choose one table entry.
const TEETH: usize = 7;

/// Bits of a scalar for each tooth; scalars have 253 bits.
const STEPS: usize = 37;

/// The multiples of a point that its comb needs.
pub struct Comb {
    /// The summands digit by digit, packed.
    digits: Box<[i64]>,
}

impl Comb {
    /// The table of a point.
    #[inline(never)]
    pub fn new(point: &Point<Lanes>) -> Self {
        let n = PRIME.field.digits();
        let (factors, workspace) = (&factors(), &mut Workspace::new(PRIME.field));
        let mut summand = Summand { sums: *factors, products: *factors };
        let mut tooth = *point;
        let mut points = vec![Point::neutral()];
        for _ in 0..TEETH {
            tooth.summand(&mut summand, factors, workspace);
            let without = points.len();
            points.extend_from_within(..);
            for point in points.iter_mut().skip(without) {
                point.add(&summand, workspace);
            }
            for _ in 0..STEPS {
                tooth.double(factors, workspace);
            }
        }
        let mut digits = Vec::with_capacity(points.len() * 2 * n);
        for point in &points {
            point.summand(&mut summand, factors, workspace);
            for half in [&summand.sums, &summand.products] {
                digits.extend(first(n, half).iter().map(|lanes| lanes.pack()));
            }
        }
        Self { digits: digits.into() }
    }

    /// Bytes of memory that the table takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.digits)
    }

    /// Sets `summand` to the entry for a step.
    #[inline(never)]
    fn choose(&self, summand: &mut Summand<Lanes>, scalar: &Int, step: usize) {
        let n = PRIME.field.digits();
        let mut index = 0;
        for tooth in (0..TEETH).rev() {
            let position = tooth * STEPS + step;
            let limb = scalar.get(position / LIMB_BITS as usize).copied().unwrap_or(0);
            index = 2 * index + (limb as usize >> (position % LIMB_BITS as usize) & 1);
        }
        let a = self.digits.get(index * 2 * n..).unwrap_or_default();
        let b = a.get(n..).unwrap_or_default();
        let Summand { sums, products } = summand;
        each!(n; [sums products] [a b] => (Lanes::unpack(a), Lanes::unpack(b)));
    }
}

/// The sum of the points of two combs, each times a scalar below 2^253.
pub fn sum(terms: [(&Comb, &Int); 2]) -> Point<Lanes> {
    let (factors, workspace) = (&factors(), &mut Workspace::new(PRIME.field));
    let mut summand = Summand { sums: *factors, products: *factors };
    let mut sum = Point::neutral();
    for step in (0..STEPS).rev() {
        sum.double(factors, workspace);
        for (comb, scalar) in terms {
            comb.choose(&mut summand, scalar, step);
            sum.add(&summand, workspace);
        }
    }
    sum
}
