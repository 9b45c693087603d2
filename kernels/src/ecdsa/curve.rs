//! What sets one curve apart from another: constants and the shape of its tables.

use super::comb::Table;
use crate::curves::Constants;
use crate::prime::field::{self, Field, Prime};
use crate::prime::int::{self, Int, LIMB_BITS, Modulus};
use crate::prime::word::Lanes;
use alloc::boxed::Box;
use once_cell::race::OnceBox;

/// A short Weierstrass curve `y² = x³ - 3x + b` of prime order.
pub struct Curve {
    /// The field modulo p.
    pub prime: Prime,
    /// Bits of p and of n.
    pub bits: usize,
    /// Columns of the comb that one table serves; see [`super::comb`].
    pub steps: usize,
    /// The group order n; quotients are in Montgomery form.
    pub order: Modulus,
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
            prime: Prime::new(field, &p, bits, montgomery),
            bits,
            steps,
            order: Modulus::new(n, bits, limbs * LIMB_BITS as usize),
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
        let build = || Box::new(Table::new(self, &field::enter_both(&self.prime, &self.base)));
        self.table.get_or_init(build).as_ref()
    }
}
