//! The words the arithmetic works on: one exact number ([`Word`]) and a pair of them ([`Pair`]).
//!
//! All arithmetic above this module is written against the two traits. It runs on `f64` and, in
//! the tests, on an interval type that follows the extremes of every intermediate value and fails
//! as soon as one of them could leave the integers that an `f64` holds exactly.

use super::digits::Radix;

/// An integer that the additions, subtractions and multiplications below keep exact.
pub(crate) trait Word: Copy {
    /// The word holding `value`, which is an integer of at most 53 bits.
    fn from_f64(value: f64) -> Self;
    /// `self + other`.
    fn plus(self, other: Self) -> Self;
    /// `self * other`.
    fn times(self, other: Self) -> Self;
    /// Splits into `(digit, carry)` with `self = digit + carry * radix` and `|digit| <= radix / 2`.
    fn split(self, radix: &Radix) -> (Self, Self);
    /// Whether this can be nothing but zero.
    fn is_zero(self) -> bool;
}

/// Two words on which each operation works lane by lane.
pub(crate) trait Pair: Copy {
    /// The word in each lane.
    type Word: Word;
    /// The pair `(low, high)`.
    fn new(low: Self::Word, high: Self::Word) -> Self;
    /// The pair with `word` in both lanes.
    fn splat(word: Self::Word) -> Self;
    /// The first lane.
    fn low(self) -> Self::Word;
    /// The second lane.
    fn high(self) -> Self::Word;
    /// Lane-wise `self + other`.
    fn plus(self, other: Self) -> Self;
    /// Lane-wise `self * other`.
    fn times(self, other: Self) -> Self;
    /// Lane-wise [`Word::split`].
    fn split(self, radix: &Radix) -> (Self, Self);
    /// The pair `(0, 0)`.
    fn zero() -> Self {
        Self::splat(Self::Word::from_f64(0.0))
    }
}

impl Word for f64 {
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn split(self, radix: &Radix) -> (Self, Self) {
        let carry = (self + radix.round) - radix.round;
        (self - carry, carry * radix.inverse)
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        self == 0.0
    }
}

/// The pair of the WebAssembly build: one `v128` register.
#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::{f64x2, f64x2_add, f64x2_extract_lane, f64x2_mul, f64x2_splat, f64x2_sub, v128};

    /// Two `f64` lanes.
    #[derive(Clone, Copy)]
    pub(crate) struct F64x2(v128);

    impl super::Pair for F64x2 {
        type Word = f64;
        #[inline(always)]
        fn new(low: f64, high: f64) -> Self {
            Self(f64x2(low, high))
        }
        #[inline(always)]
        fn splat(word: f64) -> Self {
            Self(f64x2_splat(word))
        }
        #[inline(always)]
        fn low(self) -> f64 {
            f64x2_extract_lane::<0>(self.0)
        }
        #[inline(always)]
        fn high(self) -> f64 {
            f64x2_extract_lane::<1>(self.0)
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self(f64x2_add(self.0, other.0))
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            Self(f64x2_mul(self.0, other.0))
        }
        #[inline(always)]
        fn split(self, radix: &super::Radix) -> (Self, Self) {
            let round = f64x2_splat(radix.round);
            let carry = f64x2_sub(f64x2_add(self.0, round), round);
            let digit = f64x2_sub(self.0, carry);
            (Self(digit), Self(f64x2_mul(carry, f64x2_splat(radix.inverse))))
        }
    }
}

/// The pair of x86-64, where SSE2 is always there: one `xmm` register.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod lanes {
    use core::arch::x86_64::{
        __m128d, _mm_add_pd, _mm_cvtsd_f64, _mm_mul_pd, _mm_set_pd, _mm_set1_pd, _mm_sub_pd, _mm_unpackhi_pd,
    };

    /// An expression of SSE2 intrinsics on registers.
    macro_rules! sse2 {
        ($value:expr) => {
            // SAFETY: the intrinsics need SSE2, which every x86-64 processor has, and nothing else:
            // they take and give values and touch no memory.
            unsafe { $value }
        };
    }

    /// Two `f64` lanes.
    #[derive(Clone, Copy)]
    pub(crate) struct F64x2(__m128d);

    impl super::Pair for F64x2 {
        type Word = f64;
        #[inline(always)]
        fn new(low: f64, high: f64) -> Self {
            Self(sse2!(_mm_set_pd(high, low)))
        }
        #[inline(always)]
        fn splat(word: f64) -> Self {
            Self(sse2!(_mm_set1_pd(word)))
        }
        #[inline(always)]
        fn low(self) -> f64 {
            sse2!(_mm_cvtsd_f64(self.0))
        }
        #[inline(always)]
        fn high(self) -> f64 {
            sse2!(_mm_cvtsd_f64(_mm_unpackhi_pd(self.0, self.0)))
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self(sse2!(_mm_add_pd(self.0, other.0)))
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            Self(sse2!(_mm_mul_pd(self.0, other.0)))
        }
        #[inline(always)]
        fn split(self, radix: &super::Radix) -> (Self, Self) {
            let (round, inverse) = (Self::splat(radix.round).0, Self::splat(radix.inverse).0);
            let carry = sse2!(_mm_sub_pd(_mm_add_pd(self.0, round), round));
            let digit = sse2!(_mm_sub_pd(self.0, carry));
            (Self(digit), Self(sse2!(_mm_mul_pd(carry, inverse))))
        }
    }
}

/// The pair of all other targets, in a form the compiler turns into vector instructions.
#[cfg(not(any(target_arch = "wasm32", target_arch = "x86_64")))]
mod lanes {
    use super::Word;

    /// Two `f64` lanes.
    #[derive(Clone, Copy)]
    #[repr(align(16))]
    pub(crate) struct F64x2([f64; 2]);

    impl super::Pair for F64x2 {
        type Word = f64;
        #[inline(always)]
        fn new(low: f64, high: f64) -> Self {
            Self([low, high])
        }
        #[inline(always)]
        fn splat(word: f64) -> Self {
            Self([word, word])
        }
        #[inline(always)]
        fn low(self) -> f64 {
            self.0[0]
        }
        #[inline(always)]
        fn high(self) -> f64 {
            self.0[1]
        }
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self([self.0[0] + other.0[0], self.0[1] + other.0[1]])
        }
        #[inline(always)]
        fn times(self, other: Self) -> Self {
            Self([self.0[0] * other.0[0], self.0[1] * other.0[1]])
        }
        #[inline(always)]
        fn split(self, radix: &super::Radix) -> (Self, Self) {
            let (d0, c0) = self.0[0].split(radix);
            let (d1, c1) = self.0[1].split(radix);
            (Self([d0, d1]), Self([c0, c1]))
        }
    }
}

pub(crate) use lanes::F64x2;
