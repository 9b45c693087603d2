//! Strict base64url (RFC 7515 §2): no padding, no whitespace, no non-zero trailing bits.

use crate::prelude::*;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// In [`VALUES`]: not of the alphabet.
const NONE: u8 = 0xff;

/// The value of each byte as a digit.
static VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut digit = 0;
    while digit < 64 {
        #[allow(clippy::indexing_slicing)] // Run by the compiler only.
        {
            values[ALPHABET[digit] as usize] = digit as u8;
        }
        digit += 1;
    }
    values
};

/// Decodes, or `None` for anything but the one canonical spelling of some bytes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, rest) = text.as_bytes().as_chunks::<4>();
    let mut bytes = Vec::with_capacity(3 * groups.len() + 2);
    bytes.resize(3 * groups.len(), 0);
    for (&group, decoded) in groups.iter().zip(bytes.as_chunks_mut().0) {
        let [_, first, second, third] = value(group)?.to_be_bytes();
        *decoded = [first, second, third];
    }
    // Two digits are one byte and four bits, three are two bytes and two bits; those bits must be zero.
    let (digits, length) = match *rest {
        [] => return Some(bytes),
        [a, b] => ([a, b, b'A', b'A'], 1),
        [a, b, c] => ([a, b, c, b'A'], 2),
        _ => return None,
    };
    let last = value(digits)?;
    bytes.extend_from_slice(last.to_be_bytes().get(1..=length)?);
    (last << (8 + 8 * length) == 0).then_some(bytes)
}

/// The number that four digits are.
#[inline(always)] // Every token goes through here, and code that is compiled for size would call it.
fn value(digits: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = digits;
    let (a, b, c, d) = (digit(a), digit(b), digit(c), digit(d));
    (a | b | c | d < 64).then_some(u32::from(a) << 18 | u32::from(b) << 12 | u32::from(c) << 6 | u32::from(d))
}

#[inline(always)]
fn digit(character: u8) -> u8 {
    VALUES.get(usize::from(character)).copied().unwrap_or(NONE)
}

/// Encodes without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group.iter().fold(0, |value, &byte| value << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let digit = value >> (18 - 6 * place) & 0x3f;
            text.extend(ALPHABET.get(digit as usize).map(|&byte| char::from(byte)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_taken() {
        assert_eq!(decode("AQAB"), Some(vec![1, 0, 1]));
        assert_eq!(decode(""), Some(vec![]));
        // Padding, whitespace, the other alphabet, a length of 1 mod 4, and trailing bits that are not zero.
        for bad in ["AQ==", "AQA=", "AQ AB", "AQAB\n", "+/+/", "A", "AQABA", "AR", "AQB", "é", "AQAé"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            let text = encode(&bytes);
            prop_assert_eq!(&text, &URL_SAFE_NO_PAD.encode(&bytes));
            prop_assert_eq!(decode(&text), Some(bytes));
        }

        #[test]
        fn texts_are_judged_as_by_another_implementation(text in "[A-Za-z0-9_=+/ -]{0,2}[A-Za-z0-9_-]{0,7}[A-Za-z0-9_=-]{0,2}") {
            prop_assert_eq!(decode(&text), URL_SAFE_NO_PAD.decode(&text).ok());
        }
    }
}
