//! P-521 (FIPS 186-5, SP 800-186 3.2.1.5): twenty-two digits, 528 bits.

use super::curve::{Curve, Text};
use crate::curves::Curve as CurveName;
use crate::curves::constants;
use crate::prime::field::{Element, Field};
use crate::prime::product::{self, Reduce, Wide, field};
use crate::prime::word::Word;

/// The field modulo p = 2^521 - 1.
pub struct Field521;

/// 2^528 mod p
const WRAP: f64 = 128.0;

impl<W: Word> Reduce<W, 22> for Field521 {
    #[inline(never)]
    fn fold(out: &mut [W; 22], columns: &Wide<W, 22>) {
        *out = product::fold_wrapped(columns, WRAP);
    }
}

fn carry_all<W: Word>(t: &mut [W; 22]) {
    product::carry_wrapped(t, WRAP);
}

field!(Field521, 22);

/// The curve.
pub static P521: Curve = Curve::new(
    &Field521,
    521,
    17,
    0,
    &Text {
        equation: constants(CurveName::P521),
        x: "c6 858e06b7 0404e9cd 9e3ecb66 2395b442 9c648139 053fb521 f828af60 6b4d3dba
        a14b5e77 efe75928 fe1dc127 a2ffa8de 3348b3c1 856a429b f97e7e31 c2e5bd66",
        y: "118 39296a78 9a3bc004 5c8a5fb4 2c7d1bd9 98f54449 579b4468 17afbd17 273e662c
        97ee7299 5ef42640 c550b901 3fad0761 353c7086 a272c240 88be9476 9fd16650",
    },
);
