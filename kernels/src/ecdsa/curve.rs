//! What sets one curve apart from another: constants and the shape of its tables.

use super::comb::Table;
use super::field::{self, Field, MAX_DIGITS};
use super::int::{self, Int, LIMB_BITS, Modulus};
use super::word::Lanes;
use crate::curves::Constants;
use alloc::boxed::Box;

use once_cell::race::OnceBox;

/// A short Weierstrass curve `y² = x³ - 3x + b` of prime order.
pub struct Curve {
    /// The arithmetic modulo p.
    pub field: &'static dyn Field<Lanes>,
    /// Bits of p and of n.
    pub bits: usize,
    /// Columns of the comb that one table serves; see [`super::comb`].
    pub steps: usize,
    /// The field prime p; inversion keeps elements in the field's own form.
    pub p: Modulus,
    /// The group order n; quotients are in Montgomery form.
    pub order: Modulus,
    /// The element by which an integer is multiplied to bring it into the field's own form.
    pub enter: [f64; MAX_DIGITS],
    /// 1 in the field's own form.
    pub one: [f64; MAX_DIGITS],
    /// The coefficient b.
    pub b: Int,
    /// The base point G.
    pub base: [Int; 2],
    /// The table of the base point, once it has been asked for.
    table: OnceBox<Option<Table>>,
}

/// A curve in hexadecimal, as the standards print it.
pub struct Text {
    /// The field, the coefficient and the order.
    pub equation: Constants,
    /// The base point's x.
    pub x: &'static str,
    /// The base point's y.
    pub y: &'static str,
}

impl Curve {
    /// The curve of so many bits over `field`, whose own form of a number x is `2^montgomery x`.
    pub const fn new(
        field: &'static dyn Field<Lanes>,
        bits: usize,
        steps: usize,
        montgomery: usize,
        text: &Text,
    ) -> Self {
        let (p, n) = (int::from_hex(text.equation.p), int::from_hex(text.equation.n));
        let limbs = bits.div_ceil(LIMB_BITS as usize);
        Self {
            field,
            bits,
            steps,
            p: Modulus::new(p, bits, 2 * montgomery),
            order: Modulus::new(n, bits, limbs * LIMB_BITS as usize),
            enter: field::digits(&int::power_of_two(&p, 2 * montgomery)),
            one: field::digits(&int::power_of_two(&p, montgomery)),
            b: int::from_hex(text.equation.b),
            base: [int::from_hex(text.x), int::from_hex(text.y)],
            table: OnceBox::new(),
        }
    }

    /// Bytes of a coordinate and of a scalar.
    pub const fn bytes(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// The table of the base point, built when first asked for. There always is one.
    pub fn base_table(&self) -> Option<&Table> {
        let build = || Box::new(Table::new(self, &field::enter_both(self, &self.base)));
        self.table.get_or_init(build).as_ref()
    }
}
