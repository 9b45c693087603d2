//! The machine word of the field arithmetic: two independent `f64` lanes holding exact integers.
//!
//! Every value is an integer below 2^53, so no operation ever rounds and addition, subtraction and multiplication
//! are exact ring operations. That claim is checked, not assumed: the code above this module is generic over
//! [`Word`], and the tests run it on an interval type that fails as soon as any intermediate value could reach 2^53.

/// Bits of one digit of a field element.
pub const DIGIT_BITS: u32 = 24;

/// The factor 2^8 between a digit's weight and that of the bits which some moduli have inside a digit.
pub const MIDDLE: f64 = 256.0;

/// Two lanes of exact integers.
pub trait Word: Copy {
    /// The word with the given lanes.
    fn new(first: f64, second: f64) -> Self;
    /// Lane-wise sum.
    fn add(self, other: Self) -> Self;
    /// Lane-wise difference.
    fn sub(self, other: Self) -> Self;
    /// Lane-wise product.
    fn mul(self, other: Self) -> Self;
    /// `(low, high)` with `self = low + high * 2^BITS` and `|low| <= 2^(BITS - 1)`, lane-wise; BITS is 16 to 32.
    fn split<const BITS: u32>(self) -> (Self, Self);
    /// `(a.0, b.0)`
    fn low(a: Self, b: Self) -> Self;
    /// `(a.1, b.1)`
    fn high(a: Self, b: Self) -> Self;
    /// `(a.0, b.1)`
    fn blend(a: Self, b: Self) -> Self;
    /// `(a.1, b.0)`
    fn cross(a: Self, b: Self) -> Self;

    /// The word with the same number in both lanes.
    fn splat(value: f64) -> Self {
        Self::new(value, value)
    }
}

impl Lanes {
    /// The inverse of [`Self::unpack`], for lanes that are integers of 32 bits.
    pub fn pack(self) -> i64 {
        let [first, second] = self.to_array();
        i64::from(first as i32 as u32) | (second as i64) << 32
    }
}

/// `2^bits`
const fn power(bits: u32) -> f64 {
    (1u64 << bits) as f64
}

/// Adding and subtracting this rounds an `f64` to a multiple of `2^bits` (ties to even): its last place is that.
const fn rounder(bits: u32) -> f64 {
    1.5 * power(52) * power(bits)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use super::{Word, power, rounder};
    use core::arch::wasm32::{
        f64x2, f64x2_add, f64x2_convert_low_i32x4, f64x2_extract_lane, f64x2_mul, f64x2_sub, i64x2_shuffle,
        i64x2_splat, v128,
    };

    /// One 128-bit register of WebAssembly SIMD.
    #[derive(Clone, Copy)]
    pub struct Lanes(v128);

    impl Lanes {
        /// The word with the low and the high half of `pair`, two signed 32-bit integers, as lanes.
        #[inline(always)]
        pub fn unpack(pair: i64) -> Self {
            Self(f64x2_convert_low_i32x4(i64x2_splat(pair)))
        }

        /// Both lanes.
        #[inline(always)]
        pub fn to_array(self) -> [f64; 2] {
            [f64x2_extract_lane::<0>(self.0), f64x2_extract_lane::<1>(self.0)]
        }
    }

    impl Word for Lanes {
        #[inline(always)]
        fn new(first: f64, second: f64) -> Self {
            Self(f64x2(first, second))
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(f64x2_sub(self.0, other.0))
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }
        #[inline(always)]
        fn split<const BITS: u32>(self) -> (Self, Self) {
            let round = Self::splat(rounder(BITS));
            let high = self.add(round).sub(round);
            (self.sub(high), high.mul(Self::splat(1.0 / power(BITS))))
        }
        #[inline(always)]
        fn low(a: Self, b: Self) -> Self {
            Self(i64x2_shuffle::<0, 2>(a.0, b.0))
        }
        #[inline(always)]
        fn high(a: Self, b: Self) -> Self {
            Self(i64x2_shuffle::<1, 3>(a.0, b.0))
        }
        #[inline(always)]
        fn blend(a: Self, b: Self) -> Self {
            Self(i64x2_shuffle::<0, 3>(a.0, b.0))
        }
        #[inline(always)]
        fn cross(a: Self, b: Self) -> Self {
            Self(i64x2_shuffle::<1, 2>(a.0, b.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use super::{Word, power, rounder};

    /// Two numbers side by side, left to the compiler to put into one register.
    #[derive(Clone, Copy)]
    pub struct Lanes([f64; 2]);

    impl Lanes {
        /// The word with the low and the high half of `pair`, two signed 32-bit integers, as lanes.
        #[inline(always)]
        pub fn unpack(pair: i64) -> Self {
            Self([f64::from(pair as i32), f64::from((pair >> 32) as i32)])
        }

        /// Both lanes.
        #[inline(always)]
        pub fn to_array(self) -> [f64; 2] {
            self.0
        }
    }

    impl Word for Lanes {
        #[inline(always)]
        fn new(first: f64, second: f64) -> Self {
            Self([first, second])
        }
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
        }
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self([self.0[0] - other.0[0], self.0[1] - other.0[1]])
        }
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self([self.0[0] * other.0[0], self.0[1] * other.0[1]])
        }
        #[inline(always)]
        fn split<const BITS: u32>(self) -> (Self, Self) {
            let round = Self::splat(rounder(BITS));
            let high = self.add(round).sub(round);
            (self.sub(high), high.mul(Self::splat(1.0 / power(BITS))))
        }
        #[inline(always)]
        fn low(a: Self, b: Self) -> Self {
            Self([a.0[0], b.0[0]])
        }
        #[inline(always)]
        fn high(a: Self, b: Self) -> Self {
            Self([a.0[1], b.0[1]])
        }
        #[inline(always)]
        fn blend(a: Self, b: Self) -> Self {
            Self([a.0[0], b.0[1]])
        }
        #[inline(always)]
        fn cross(a: Self, b: Self) -> Self {
            Self([a.0[1], b.0[0]])
        }
    }
}

pub use lanes::Lanes;
