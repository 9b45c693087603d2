//! Fields and integers against slow and plain computations.

use super::oracle::{Oracle, Random, on_each_curve};
use crate::ecdsa::comb::BLOCKS;
use crate::ecdsa::scalar;
use crate::prime::field::{self, Element, MAX_DIGITS};
use crate::prime::int::{self, Int, LIMBS, Modulus};
use crate::prime::word::{Lanes, Word};
use crate::prime::{modinv, modmul};

on_each_curve! { products integers_of_extreme_digits inversion montgomery signs }

fn times(a: &Int, b: &Int, modulus: &Int) -> Int {
    let mut product = [0; LIMBS];
    for i in (0..30 * LIMBS).rev() {
        product = int::reduce_once(&int::combine(&product, &product, 1), modulus);
        if b[i / 30] >> (i % 30) & 1 == 1 {
            product = int::reduce_once(&int::combine(&product, a, 1), modulus);
        }
    }
    product
}

/// Random numbers and such of mostly zeros or ones.
fn numbers<O: Oracle>(modulus: &Modulus) -> Vec<Int> {
    let random = &mut Random::new("numbers");
    let bits = O::parameters().bits;
    let mut numbers = vec![[0; LIMBS], int::combine(&modulus.value, &int::power_of_two(&modulus.value, 0), -1)];
    numbers.extend((0..bits).step_by(23).map(|i| int::power_of_two(&modulus.value, i)));
    for power in numbers.clone() {
        numbers.push(int::combine(&modulus.value, &power, -1));
    }
    for _ in 0..40 {
        numbers.push(int::from_bytes(&random.scalar::<O>()));
    }
    numbers.iter().map(|number| int::reduce_once(number, &modulus.value)).collect()
}

fn products<O: Oracle>() {
    let curve = O::parameters();
    let field = curve.prime.field;
    let one = field::from_digits(field, &field::digits(&int::power_of_two(&curve.prime.p.value, 0)));
    let leave = |a: &Element<Lanes>| {
        let mut left = *a;
        field.mul(&mut left, a, &one);
        [left, field::swapped(field.digits(), &left)].map(|a| field::to_integer(field.digits(), &a, &curve.prime.p))
    };
    let numbers = numbers::<O>(&curve.prime.p);
    let mut others = numbers.clone();
    others.rotate_left(1);
    for (a, b) in numbers.iter().zip(&others) {
        let both = field::enter_both(&curve.prime, &[*a, *b]);
        assert_eq!(leave(&both), [*a, *b]);
        let mut result = both;
        field.mul(&mut result, &both, &field::swapped(field.digits(), &both));
        let product = times(a, b, &curve.prime.p.value);
        assert_eq!(leave(&result), [product, product]);
        field.sqr(&mut result, &both);
        assert_eq!(leave(&result), [a, b].map(|x| times(x, x, &curve.prime.p.value)));
        // Sums of reduced elements are multiplied as they are.
        let twice = both.map(|digit| digit.add(digit));
        field.mul(&mut result, &twice, &twice);
        let four = |x: Int| (0..2).fold(x, |x, _| int::reduce_once(&int::combine(&x, &x, 1), &curve.prime.p.value));
        assert_eq!(leave(&result), [a, b].map(|x| four(times(x, x, &curve.prime.p.value))));
        result = twice;
        field.carry(&mut result);
        assert_eq!(leave(&result), leave(&twice));
    }
}

/// Horner's rule, digit by digit.
fn residue(digits: &[i64], modulus: &Int) -> Int {
    digits.iter().rev().fold([0; LIMBS], |sum, &digit| {
        let sum = (0..24).fold(sum, |x, _| int::reduce_once(&int::combine(&x, &x, 1), modulus));
        let mut limbs = [0; LIMBS];
        limbs[0] = digit.abs();
        let digit_number = int::from_wide(&limbs);
        if digit < 0 {
            let difference = int::combine(&sum, &digit_number, -1);
            if int::is_negative(&difference) { int::combine(&difference, modulus, 1) } else { difference }
        } else {
            int::reduce_once(&int::combine(&sum, &digit_number, 1), modulus)
        }
    })
}

fn integers_of_extreme_digits<O: Oracle>() {
    let curve = O::parameters();
    let n = curve.prime.field.digits();
    let random = &mut Random::new("digits");
    for round in 0..200 {
        let choices = [-(1i64 << 25), 1 << 25, 0, -1, 1, (1 << 24) - 1, -(1 << 23), 12_345_678];
        let mut digits = [0i64; MAX_DIGITS];
        for digit in &mut digits[..n] {
            *digit = choices[if round < choices.len() { round } else { random.below(choices.len()) }];
        }
        if n == 11 {
            // The topmost digit of P-256 has but 16 bits.
            digits[10] >>= 6;
        }
        let element = digits.map(|digit| Lanes::splat(digit as f64));
        let number = field::to_integer(n, &element, &curve.prime.p);
        assert_eq!(number, residue(&digits[..n], &curve.prime.p.value), "{digits:?}");
    }
}

fn inversion<O: Oracle>() {
    let curve = O::parameters();
    for modulus in [&curve.prime.p, &curve.order] {
        for number in numbers::<O>(modulus) {
            let quotient = modinv::divide(&number, modulus);
            assert!(!int::is_negative(&quotient) && int::less(&quotient, &modulus.value));
            let product = times(&number, &quotient, &modulus.value);
            let expected = if int::is_zero(&number) { number } else { modulus.factor };
            assert_eq!(product, expected);
        }
    }
}

fn montgomery<O: Oracle>() {
    let order = &O::parameters().order;
    let numbers = numbers::<O>(order);
    for a in &numbers {
        for b in numbers.iter().step_by(5) {
            let product = modmul::montgomery(a, b, order);
            assert!(!int::is_negative(&product) && int::less(&product, &order.value));
            let entered = times(&product, &order.factor, &order.value);
            assert_eq!(entered, times(a, b, &order.value));
        }
    }
}

fn signs<O: Oracle>() {
    let order = &O::parameters().order;
    let columns = BLOCKS * O::parameters().steps;
    for number in numbers::<O>(order) {
        let signs = scalar::Signs::new(&number, columns, order);
        let sum = (0..8 * columns).rev().fold([0; LIMBS], |sum, position| {
            let twice = int::reduce_once(&int::combine(&sum, &sum, 1), &order.value);
            let one = int::power_of_two(&order.value, 0);
            let plus = signs.column(position % columns) >> (position / columns) & 1 == 1;
            let term = if plus { one } else { int::combine(&order.value, &one, -1) };
            int::reduce_once(&int::combine(&twice, &term, 1), &order.value)
        });
        assert_eq!(sum, number);
    }
}

/// The contract of [`Word::split`] on which the proof of the bounds rests, and the others of [`Lanes`].
#[test]
fn words() {
    let mut values = vec![0.0, 1.0, 1e15, 9_007_199_254_740_991.0];
    for half in [32_768.0, 8_388_608.0] {
        values.extend([half - 1.0, half, half + 1.0, 2.0 * half, 3.0 * half]);
    }
    let mut random = Random::new("words");
    for _ in 0..1000 {
        let bits = 1 + random.below(53);
        values.push((random.below(1 << 53) >> (53 - bits)) as f64);
    }
    for (a, b) in values.iter().zip(values.iter().rev()) {
        for (a, b) in [(*a, *b), (-a, *b), (*a, -b)] {
            let lanes = Lanes::new(a, b);
            for ((low, high), radix) in [(lanes.split::<16>(), 65_536.0), (lanes.split::<24>(), 16_777_216.0)] {
                let ([l0, l1], [h0, h1]) = (low.to_array(), high.to_array());
                assert!(l0.abs() <= radix / 2.0 && l1.abs() <= radix / 2.0);
                assert_eq!([l0 + h0 * radix, l1 + h1 * radix], [a, b]);
                assert_eq!([h0.fract(), h1.fract()], [0.0, 0.0]);
            }
        }
        let (p, q) = (Lanes::new(*a, *b), Lanes::new(-*b, 7.0));
        assert_eq!(Lanes::low(p, q).to_array(), [*a, -*b]);
        assert_eq!(Lanes::high(p, q).to_array(), [*b, 7.0]);
        assert_eq!(Lanes::blend(p, q).to_array(), [*a, 7.0]);
        assert_eq!(Lanes::cross(p, q).to_array(), [*b, -*b]);
    }
    for (a, b) in [(0, 0), (-1, 1), (1, -1), (i32::MIN, i32::MAX), (i32::MAX, i32::MIN), (-5, -7)] {
        let lanes = Lanes::new(a.into(), b.into());
        assert_eq!(Lanes::unpack(lanes.pack()).to_array(), lanes.to_array());
    }
}
