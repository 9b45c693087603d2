//! What a JSON number is worth.

use crate::text::cut;

/// More digits than this do not fit into the integer that they are collected in; they are smaller than what a `f64` holds.
const MAX_DIGITS: usize = 19;

/// Beyond these powers of ten everything is zero or infinite, however many digits it has.
const MAX_EXPONENT: i64 = 400;

/// The value of a number that has been checked for its grammar: exact, as by IEEE 754, up to 15 digits and 10^±22, and
/// beyond that to about 15 digits. May be infinite: `1e400` is valid JSON.
pub(super) fn number(text: &str) -> f64 {
    let (digits, exponent) = cut(text, &|byte| matches!(byte, b'e' | b'E')).unwrap_or((text, "0"));
    let mut exponent = integer(exponent);
    let mut mantissa = 0_u64;
    let mut room = MAX_DIGITS;
    let mut fraction = false;
    for byte in digits.bytes() {
        match byte {
            b'.' => fraction = true,
            b'0'..=b'9' => {
                if room > 0 {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                    room -= usize::from(mantissa > 0);
                    exponent -= i64::from(fraction);
                } else {
                    exponent += i64::from(!fraction);
                }
            }
            _ => {} // The sign.
        }
    }
    let value = scaled(mantissa as f64, exponent.clamp(-MAX_EXPONENT, MAX_EXPONENT));
    if text.starts_with("-") { -value } else { value }
}

/// `value` times ten to the power of `exponent`, in steps that are exact powers.
fn scaled(mut value: f64, exponent: i64) -> f64 {
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        let step = rest.min(22);
        let power = (0..step).fold(1.0, |power, _| power * 10.0);
        value = if exponent < 0 { value / power } else { value * power };
        rest -= step;
    }
    value
}

/// A signed integer; one that is too large becomes a very large one.
fn integer(text: &str) -> i64 {
    let value = text.bytes().filter(u8::is_ascii_digit).fold(0, |value: i64, digit| {
        value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(i64::MAX / 4)
    });
    if text.starts_with("-") { -value } else { value }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_have_their_value() {
        for text in
            ["0", "-0", "1", "-1", "1760000000", "1760000000.5", "1760000000.123", "9007199254740991", "0.1", "1e3"]
        {
            assert_eq!(number(text).to_bits(), text.parse::<f64>().expect("a number").to_bits(), "{text}");
        }
        assert_eq!(number("1e400"), f64::INFINITY);
        assert_eq!(number("-1e400"), f64::NEG_INFINITY);
        assert_eq!(number("1e99999999999999999999"), f64::INFINITY);
        assert_eq!(number("1e-99999999999999999999"), 0.0);
        assert_eq!(number("0e99999999999999999999"), 0.0);
        assert_eq!(number(&"9".repeat(400)), f64::INFINITY);
        assert_eq!(number(&format!("1{}e-400", "0".repeat(400))), 1.0);
        assert_eq!(number(&format!("0.{}1e401", "0".repeat(400))), 1.0);
    }

    proptest! {
        #[test]
        fn usual_numbers_are_exact(integer in 0_u64..1_000_000_000_000, fraction in 0_u32..1000) {
            let text = format!("{integer}.{fraction:03}");
            prop_assert_eq!(number(&text), text.parse::<f64>().expect("a number"));
        }

        #[test]
        fn unusual_numbers_are_close(value in any::<f64>().prop_filter("finite", |value| value.is_normal())) {
            let text = format!("{value:e}");
            prop_assert!((number(&text) / value - 1.0).abs() < 1e-14, "{text}");
        }
    }
}
