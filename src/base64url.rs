//! Strict base64url (RFC 7515 §2): no padding, no whitespace, no non-zero trailing bits.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Decodes, or `None` for anything but the one canonical spelling of some bytes.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Encodes without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_taken() {
        assert_eq!(decode("AQAB"), Some(vec![1, 0, 1]));
        assert_eq!(decode(""), Some(vec![]));
        // Padding, whitespace, the other alphabet, a length of 1 mod 4, and trailing bits that are not zero.
        for bad in ["AQ==", "AQA=", "AQ AB", "AQAB\n", "+/+/", "A", "AQABA", "AR", "AQB"] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
    }
}
