//! The time, as hosts give it.

use crate::error::{Error, ErrorCode};

/// Milliseconds since the Unix epoch as a whole number. A clock that gives no time refuses everything: there is no
/// moment at which a token would be valid.
///
/// # Errors
/// `internal` for what is negative, infinite or no number.
pub fn milliseconds(now_ms: f64) -> Result<u64, Error> {
    if now_ms.is_finite() && now_ms >= 0.0 {
        return Ok(now_ms as u64);
    }
    Err(Error::from(ErrorCode::Internal)
        .with_hint("The clock gave no time: it must return milliseconds since the epoch."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_time_is_refused() {
        assert_eq!(milliseconds(1.9), Ok(1));
        for no_time in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
            assert_eq!(milliseconds(no_time).map_err(|error| error.code()), Err(ErrorCode::Internal));
        }
    }
}
