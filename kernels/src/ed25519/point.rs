//! The group law in extended coordinates (Hisil, Wong, Carter, Dawson, "Twisted Edwards curves revisited", 2008), both
//! lanes of every product used. It is complete: no pair of points, and no point added to itself, is an exception.

use super::curve::{PRIME, factors};
use crate::prime::field::{self, Element, Workspace, each, first, first_mut};
use crate::prime::int::{self, Int, LIMBS};
use crate::prime::word::{Lanes, Word};

/// A point: x = X/Z, y = Y/Z and x y = T/Z.
#[derive(Clone, Copy)]
pub struct Point<W> {
    /// X and Y.
    pub xy: Element<W>,
    /// T and Z.
    pub tz: Element<W>,
}

/// A point as it is added.
#[derive(Clone, Copy)]
pub struct Summand<W> {
    /// Y − X and Y + X.
    pub sums: Element<W>,
    /// 2 d T and 2 Z.
    pub products: Element<W>,
}

/// The neutral element, x = 0 and y = 1.
const NEUTRAL: [Int; 2] = [[0; LIMBS], int::from_hex("01")];

/// Sets the lanes of `out` to the difference, second minus first, and the sum of those of `a`.
#[inline(always)]
fn difference_and_sum<W: Word>(n: usize, out: &mut Element<W>, a: &Element<W>) {
    each!(n; [out] [a] => W::cross(a, a).add(a.mul(W::new(-1.0, 1.0))));
}

impl<W: Word> Point<W> {
    /// Sets `out` to this point, given 2 d and 2 in the lanes of `factors`.
    pub fn summand(&self, out: &mut Summand<W>, factors: &Element<W>, Workspace { field, .. }: &Workspace<W>) {
        difference_and_sum(field.digits(), &mut out.sums, &self.xy);
        field.mul(&mut out.products, &self.tz, factors);
    }

    /// `P <- 2 P`
    #[inline(never)]
    pub fn double(&mut self, factors: &Element<W>, workspace: &mut Workspace<W>) {
        let mut own = Summand { sums: *factors, products: *factors };
        self.summand(&mut own, factors, workspace);
        self.add(&own, workspace);
    }

    /// `P <- P + other`
    #[inline(never)]
    pub fn add(&mut self, other: &Summand<W>, Workspace { field, room }: &mut Workspace<W>) {
        let n = field.digits();
        let [a, b, eh, fg, _] = room;
        let Self { xy, tz } = self;
        // A = (Y₁ − X₁) (Y₂ − X₂), B = (Y₁ + X₁) (Y₂ + X₂), C = 2 d T₁ T₂, D = 2 Z₁ Z₂
        difference_and_sum(n, a, xy);
        field.mul(b, a, &other.sums);
        difference_and_sum(n, eh, b);
        field.mul(b, tz, &other.products);
        difference_and_sum(n, fg, b);
        // X₃ = E F, Y₃ = G H, T₃ = E H, Z₃ = F G with E = B − A, H = B + A, F = D − C, G = D + C
        field.mul(xy, eh, fg);
        each!(n; [a b] [eh fg] => (W::low(eh, fg), W::high(eh, fg)));
        field.mul(tz, a, b);
    }
}

impl Point<Lanes> {
    /// The point with affine coordinates x and y in the lanes of `xy`.
    pub fn from_affine(xy: &Element<Lanes>) -> Self {
        let mut t = *xy;
        PRIME.field.mul(&mut t, xy, &field::swapped(PRIME.field.digits(), xy));
        let Self { mut tz, .. } = Self::neutral();
        let out = &mut tz;
        each!(PRIME.field.digits(); [out] [t] => Lanes::blend(t, out));
        Self { xy: *xy, tz }
    }

    /// The neutral element, x = 0 and y = 1.
    pub fn neutral() -> Self {
        let xy = field::enter_both(&PRIME, &NEUTRAL);
        Self { xy, tz: xy }
    }

    /// Whether eight times the point, which is lost, is neutral.
    pub fn is_small_order(&mut self) -> bool {
        let (factors, workspace) = (&factors(), &mut Workspace::new(PRIME.field));
        for _ in 0..3 {
            self.double(factors, workspace);
        }
        // Of the points with x = 0 the other one is no multiple of eight.
        field::is_zero(&PRIME, &self.xy)
    }
}
