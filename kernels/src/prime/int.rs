//! Plain multi-word integers: 30-bit limbs in `i32`, least significant first, the topmost limb signed.
//!
//! They carry what is not worth a fast field: parsing, comparing, and the constants of the curves, which are
//! computed here at compile time from their hexadecimal text.
#![allow(clippy::indexing_slicing, reason = "indices are loop counters below constant lengths, never input")]

/// Limbs of an integer; 540 bits, enough for P-521.
pub const LIMBS: usize = 18;

/// Bits of a limb.
pub const LIMB_BITS: u32 = 30;

/// The low 30 bits.
pub const LIMB_MASK: i32 = (1 << LIMB_BITS) - 1;

/// An integer.
pub type Int = [i32; LIMBS];

/// An odd prime modulus with what reduction and inversion need.
pub struct Modulus {
    /// The prime.
    pub value: Int,
    /// Limbs that the prime takes.
    pub limbs: usize,
    /// The inverse of the prime modulo 2^30.
    pub inverse: i32,
    /// The factor of quotients, for [`super::modinv::divide`]: 1, or a power of two for Montgomery form.
    pub factor: Int,
}

impl Modulus {
    /// The modulus `value` of so many bits; quotients are multiplied by `2^shift`.
    pub const fn new(value: Int, bits: usize, shift: usize) -> Self {
        // Newton's iteration doubles the number of correct bits: 3, 6, 12, 24, 48.
        let low = value[0];
        let mut inverse = low;
        let mut round = 0;
        while round < 4 {
            inverse = inverse.wrapping_mul(2i32.wrapping_sub(low.wrapping_mul(inverse)));
            round += 1;
        }
        Self {
            limbs: bits.div_ceil(LIMB_BITS as usize),
            inverse: inverse & LIMB_MASK,
            factor: power_of_two(&value, shift),
            value,
        }
    }
}

/// `2^exponent mod modulus`
pub const fn power_of_two(modulus: &Int, exponent: usize) -> Int {
    let mut result = [0; LIMBS];
    result[0] = 1;
    let mut i = 0;
    while i < exponent {
        let half = result;
        result = reduce_once(&combine(&half, &half, 1), modulus);
        i += 1;
    }
    result
}

/// Whether `a < b`.
pub const fn less(a: &Int, b: &Int) -> bool {
    let mut i = LIMBS;
    while i > 0 {
        i -= 1;
        if a[i] != b[i] {
            return a[i] < b[i];
        }
    }
    false
}

/// `a + b * sign` for `sign` = 1 or -1; the caller knows that the result fits.
pub const fn combine(a: &Int, b: &Int, sign: i32) -> Int {
    let mut result = [0; LIMBS];
    let mut carry = 0;
    let mut i = 0;
    while i < LIMBS {
        let limb = a[i] + sign * b[i] + carry;
        carry = limb >> LIMB_BITS;
        result[i] = if i + 1 < LIMBS { limb & LIMB_MASK } else { limb };
        i += 1;
    }
    result
}

/// `a mod modulus` for `0 <= a < 2 * modulus`
pub const fn reduce_once(a: &Int, modulus: &Int) -> Int {
    if less(a, modulus) { *a } else { combine(a, modulus, -1) }
}

/// The integer `Σ limbs[i] 2^(30 i)`, for signed limbs of any size.
pub fn from_wide(limbs: &[i64; LIMBS]) -> Int {
    let mut result = [0; LIMBS];
    let mut sum = 0;
    for (result, limb) in result.iter_mut().zip(limbs) {
        sum += limb;
        *result = sum as i32 & LIMB_MASK;
        sum >>= LIMB_BITS;
    }
    // Negative: the ones go on above the topmost limb.
    result[LIMBS - 1] |= (sum as i32) << LIMB_BITS;
    result
}

/// The limbs one by one in wider words.
pub fn widen(a: &Int) -> [i64; LIMBS] {
    a.map(i64::from)
}

/// Whether the integer is negative.
pub const fn is_negative(a: &Int) -> bool {
    a[LIMBS - 1] < 0
}

/// Whether the integer is zero.
pub fn is_zero(a: &Int) -> bool {
    a.iter().all(|&limb| limb == 0)
}

/// `floor(a / 2)` for a number that is not negative.
pub fn halve(a: &Int) -> Int {
    let mut half = *a;
    let mut above = 0;
    for limb in half.iter_mut().rev() {
        let odd = *limb & 1;
        *limb = *limb >> 1 | above << (LIMB_BITS - 1);
        above = odd;
    }
    half
}

/// The number whose big-endian bytes, at most 66, are given.
pub fn from_bytes(bytes: &[u8]) -> Int {
    let mut limbs = [0i64; LIMBS];
    for (index, &byte) in bytes.iter().rev().enumerate() {
        let position = 8 * index;
        if let Some(limb) = limbs.get_mut(position / LIMB_BITS as usize) {
            *limb |= i64::from(byte) << (position % LIMB_BITS as usize);
        }
    }
    from_wide(&limbs)
}

/// The number written in hexadecimal; for constants, so anything but hexadecimal digits and blanks stops the build.
#[allow(clippy::panic, reason = "at compile time")]
pub const fn from_hex(text: &str) -> Int {
    let text = text.as_bytes();
    let mut result = [0; LIMBS];
    let mut position = 0;
    let mut i = text.len();
    while i > 0 {
        i -= 1;
        let digit = match text[i] {
            b' ' | b'\n' => continue,
            c @ b'0'..=b'9' => c - b'0',
            c @ b'a'..=b'f' => c - b'a' + 10,
            _ => panic!("not a hexadecimal digit"),
        };
        let (limb, shift) = ((position / LIMB_BITS) as usize, position % LIMB_BITS);
        let wide = (digit as i64) << shift;
        result[limb] |= (wide & LIMB_MASK as i64) as i32;
        if wide >> LIMB_BITS != 0 {
            result[limb + 1] |= (wide >> LIMB_BITS) as i32;
        }
        position += 4;
    }
    result
}
