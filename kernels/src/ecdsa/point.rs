//! The group law of y² = x³ - 3x + b, arranged so that the two lanes of every product are used.
//!
//! The formulas are those of the Explicit-Formulas Database for a = -3. They are incomplete: where an addition meets
//! equal, opposite or infinite points it yields Z = 0, and Z stays 0 in all that follows. So a result with Z = 0 is
//! the mark that the slow law ([`Jacobian::add`]), which handles every case, has to be asked.

use super::curve::Curve;
use crate::prime::field::{self, Element, MAX_DIGITS, Workspace, each, first, first_mut};
use crate::prime::word::{Lanes, Word};

/// Jacobian coordinates: X and Y in the lanes of `xy`, Z in the second lane of `z`; the first is of no meaning.
#[derive(Clone, Copy)]
pub struct Jacobian<W> {
    /// X and Y.
    pub xy: Element<W>,
    /// Z, in the second lane.
    pub z: Element<W>,
}

impl<W: Word> Jacobian<W> {
    /// `P <- 2 P`, infinity (Z = 0) staying infinity. No point has order two, so there is no other exception.
    #[inline(never)]
    pub fn double(&mut self, Workspace { field, room }: &mut Workspace<W>) {
        let n = field.digits();
        let [a, b, c, d, _] = room;
        let Self { xy, z } = self;
        // b = (Z², Y²) = (δ, γ)
        each!(n; [a] [z xy] => W::high(z, xy));
        field.sqr(b, a);
        // d = (X γ, (X - δ) (X + δ)) = (β, α / 3), then (4β, α)
        each!(n; [a c] [xy b] => {
            let (x, swapped) = (W::low(xy, xy), W::cross(b, b));
            (W::blend(x, x.sub(swapped)), W::blend(swapped, x.add(swapped)))
        });
        field.mul(d, a, c);
        each!(n; [d] [] => d.mul(W::new(4.0, 3.0)));
        field.carry(d);
        // c = (α², γ²), and z = (α (4β - X'), 2 Y Z) with X' = α² - 8β
        each!(n; [a] [d b] => W::high(d, b));
        field.sqr(c, a);
        each!(n; [a b] [d c xy z] => {
            let difference = d.mul(W::splat(3.0)).sub(c);
            (W::high(d, xy).mul(W::new(1.0, 2.0)), W::blend(difference, z))
        });
        field.mul(z, a, b);
        each!(n; [xy] [c d z] => {
            let subtrahend = W::blend(d.mul(W::splat(2.0)), c.mul(W::splat(8.0)));
            W::low(c, z).sub(subtrahend)
        });
        field.carry(xy);
    }

    /// Leaves `(H, R) = (X₂ Z₁² - X₁, Y₂ Z₁³ - Y₁)` in d, P being (X₁, Y₁, Z₁) and `point` the affine (X₂, Y₂).
    #[inline(never)]
    fn differences(&self, point: &Element<W>, Workspace { field, room }: &mut Workspace<W>) {
        let n = field.digits();
        let [a, b, c, d, _] = room;
        let Self { xy, z } = self;
        each!(n; [a b] [z point] => (W::high(z, z), W::blend(W::high(z, z), point)));
        field.mul(c, a, b);
        each!(n; [a b] [c point] => (W::low(c, c), W::blend(point, c)));
        field.mul(d, a, b);
        each!(n; [d] [xy] => d.sub(xy));
    }

    /// `P <- P + (X₂, Y₂)` with X₂ and Y₂ in the lanes of `point`. Z is 0 afterwards, as it must or as the mark of an
    /// exception, if the points have the same x-coordinate, and if P is infinite.
    #[inline(never)]
    pub fn add_mixed(&mut self, point: &Element<W>, workspace: &mut Workspace<W>) {
        self.differences(point, workspace);
        let Workspace { field, room } = workspace;
        let n = field.digits();
        let [a, b, c, d, e] = room;
        let Self { xy, z } = self;
        // c = (H², R²), e = (H³, V) with V = X₁ H²
        field.sqr(c, d);
        each!(n; [a b] [c d xy] => (W::low(c, c), W::low(d, xy)));
        field.mul(e, a, b);
        // c = (X₃, V - X₃) with X₃ = R² - H³ - 2V
        each!(n; [c] [e] => {
            let v = W::high(e, e);
            let x = W::high(c, c).sub(W::low(e, e)).sub(v).sub(v);
            W::blend(x, v.sub(x))
        });
        field.carry(c);
        // e = (R (V - X₃), Y₁ H³)
        each!(n; [a b] [c d e xy] => (W::high(d, xy), W::cross(c, e)));
        field.mul(e, a, b);
        each!(n; [xy a] [c d e] => {
            (W::blend(c, W::low(e, e).sub(W::high(e, e))), W::low(d, d))
        });
        each!(n; [b] [z] => z);
        field.mul(z, a, b);
    }
}

impl Jacobian<Lanes> {
    /// The point with affine coordinates X and Y in the lanes of `point`.
    pub fn from_affine(curve: &Curve, point: &Element<Lanes>) -> Self {
        let mut xy = *point;
        curve.prime.field.carry(&mut xy);
        let z = field::from_digits(curve.prime.field, &curve.prime.one);
        Self { xy, z }
    }

    /// The point at infinity.
    pub fn infinity() -> Self {
        let zero = [Lanes::splat(0.0); MAX_DIGITS];
        Self { xy: zero, z: zero }
    }

    /// Whether Z is zero modulo p.
    pub fn is_infinite(&self, curve: &Curve) -> bool {
        field::is_zero(&curve.prime, &field::swapped(curve.prime.field.digits(), &self.z))
    }

    /// `P <- P + (X₂, Y₂)` in every case: P infinite, the points equal, the points opposite.
    #[inline(never)]
    pub fn add(&mut self, curve: &Curve, point: &Element<Lanes>, workspace: &mut Workspace<Lanes>) {
        if self.is_infinite(curve) {
            *self = Self::from_affine(curve, point);
            return;
        }
        curve.prime.field.carry(&mut self.xy);
        self.differences(point, workspace);
        let [.., hr, _] = &workspace.room;
        if !field::is_zero(&curve.prime, hr) {
            self.add_mixed(point, workspace);
        } else if field::is_zero(&curve.prime, &field::swapped(curve.prime.field.digits(), hr)) {
            self.double(workspace);
        } else {
            *self = Self::infinity();
        }
    }
}

/// Whether the point with these affine coordinates is on the curve: `y² = x³ - 3x + b`.
pub fn is_on_curve(curve: &Curve, point: &Element<Lanes>) -> bool {
    let Curve { prime, b, .. } = curve;
    let field = prime.field;
    let (mut squares, mut cube) = (*point, *point);
    field.sqr(&mut squares, point);
    field.mul(&mut cube, &squares, point);
    let rest = &mut field::enter(prime, b);
    each!(field.digits(); [rest] [cube point squares] => {
        let three_x = point.mul(Lanes::splat(3.0));
        rest.add(cube).sub(three_x).sub(Lanes::cross(squares, squares))
    });
    field::is_zero(prime, rest)
}
