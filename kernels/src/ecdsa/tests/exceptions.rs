//! Every branch of the group law: infinite, equal and opposite points.

use super::oracle::{Oracle, Random, on_each_curve, to_bytes};
use crate::ecdsa::affine;
use crate::ecdsa::comb::{self, Combs, Table};
use crate::ecdsa::point::Jacobian;
use crate::ecdsa::scalar::Signs;
use crate::prime::field::{self, Element, Workspace, each, first_mut};
use crate::prime::int::{self, Int, LIMBS};
use crate::prime::modinv;
use crate::prime::modmul::montgomery;
use crate::prime::word::{Lanes, Word};

on_each_curve! { slow_law marks_of_the_fast_law small_multiples sums_of_one_point meeting_points }

fn number(low: i32) -> Int {
    let mut number = [0; LIMBS];
    number[0] = low;
    number
}

/// `low * G`, affine, in the lanes.
fn multiple<O: Oracle>(low: i32) -> Element<Lanes> {
    entered::<O>(&O::public(&to_bytes(&number(low), O::LENGTH)))
}

fn entered<O: Oracle>(point: &[u8]) -> Element<Lanes> {
    let (x, y) = point.split_at(O::LENGTH);
    field::enter_both(&O::parameters().prime, &[x, y].map(int::from_bytes))
}

fn negative<O: Oracle>(point: &Element<Lanes>) -> Element<Lanes> {
    let mut negative = *point;
    let y = &mut negative;
    each!(O::parameters().prime.field.digits(); [y] [] => y.mul(Lanes::new(1.0, -1.0)));
    negative
}

/// Whether P, finite, is the affine point.
fn is<O: Oracle>(p: &Jacobian<Lanes>, point: &Element<Lanes>) -> bool {
    let curve = O::parameters();
    // The slow law itself tells: P - point is infinite.
    let mut difference = *p;
    difference.add(curve, &negative::<O>(point), &mut Workspace::new(curve.prime.field));
    // And so does the x-coordinate, which does not depend on it.
    let x = field::to_integer(curve.prime.field.digits(), &leave::<O>(point), &curve.prime.p);
    difference.is_infinite(curve)
        && !p.is_infinite(curve)
        && comb::has_x_modulo_order(curve, p, &int::reduce_once(&x, &curve.order.value))
}

/// The element out of the field's own form.
fn leave<O: Oracle>(a: &Element<Lanes>) -> Element<Lanes> {
    let curve = O::parameters();
    let one = field::from_digits(curve.prime.field, &field::digits(&number(1)));
    let mut left = *a;
    curve.prime.field.mul(&mut left, a, &one);
    left
}

fn slow_law<O: Oracle>() {
    let curve = O::parameters();
    let workspace = &mut Workspace::new(curve.prime.field);
    let [one, two, three, five] = [1, 2, 3, 5].map(multiple::<O>);
    // Infinity plus a point; that point twice; twice infinity.
    let mut p = Jacobian::infinity();
    assert!(p.is_infinite(curve));
    p.double(workspace);
    assert!(p.is_infinite(curve));
    p.add(curve, &one, workspace);
    assert!(is::<O>(&p, &one));
    p.add(curve, &one, workspace);
    assert!(is::<O>(&p, &two));
    // Different points; equal ones with Z other than 1; opposite ones.
    p.add(curve, &one, workspace);
    assert!(is::<O>(&p, &three));
    let mut q = p;
    q.add(curve, &two, workspace);
    assert!(is::<O>(&q, &five));
    q = p;
    q.add(curve, &three, workspace);
    assert!(is::<O>(&q, &multiple::<O>(6)));
    q = p;
    q.double(workspace);
    assert!(is::<O>(&q, &multiple::<O>(6)));
    q = p;
    q.add(curve, &negative::<O>(&three), workspace);
    assert!(q.is_infinite(curve));
    q.add(curve, &five, workspace);
    assert!(is::<O>(&q, &five));
}

/// The incomplete law leaves Z = 0 wherever it does not apply, and Z stays 0.
fn marks_of_the_fast_law<O: Oracle>() {
    let curve = O::parameters();
    let workspace = &mut Workspace::new(curve.prime.field);
    let [one, two, three] = [1, 2, 3].map(multiple::<O>);
    let start = |point: &Element<Lanes>| Jacobian::from_affine(curve, point);
    let mut doubled = start(&one);
    doubled.double(workspace);
    let cases = [
        (start(&one), one),
        (start(&one), negative::<O>(&one)),
        (doubled, two),
        (doubled, negative::<O>(&two)),
        (Jacobian::infinity(), one),
    ];
    for (mut p, point) in cases {
        p.add_mixed(&point, workspace);
        for _ in 0..3 {
            assert!(p.is_infinite(curve));
            p.double(workspace);
            assert!(p.is_infinite(curve));
            p.add_mixed(&three, workspace);
        }
        assert!(p.is_infinite(curve));
    }
    let mut p = doubled;
    p.add_mixed(&one, workspace);
    assert!(is::<O>(&p, &three));

    // The affine law knows it from the inversion.
    let pair = |p: &Element<Lanes>, q: &Element<Lanes>| {
        let (mut x, mut y) = (*p, *p);
        for (i, (x, y)) in x.iter_mut().zip(&mut y).enumerate() {
            (*x, *y) = (Lanes::low(p[i], q[i]), Lanes::high(p[i], q[i]));
        }
        affine::Affine { x, y }
    };
    let n = curve.prime.field.digits();
    let mut add = |p: affine::Affine<Lanes>, q| {
        let mut points = [p, pair(&one, &two)];
        affine::add_all(curve, &mut points, &[q, pair(&two, &one)], workspace)?;
        Some(points)
    };
    let sums = add(pair(&one, &one), pair(&two, &three)).expect("no exception");
    let expected = [[three, multiple::<O>(4)], [three, three]];
    for (sum, expected) in sums.iter().zip(&expected) {
        for (second, expected) in [false, true].into_iter().zip(expected) {
            let mut xy = *expected;
            sum.one(n, second, &mut xy);
            assert!(is::<O>(&start(&xy), expected));
        }
    }
    assert!(add(pair(&one, &one), pair(&one, &three)).is_none());
    assert!(add(pair(&one, &one), pair(&two, &negative::<O>(&one))).is_none());
}

/// Compares `a G + b Q` with what RustCrypto says, the slow way too.
fn check<O: Oracle>(tables: [&Table; 2], point: &[u8], scalars: &[Int; 2]) {
    let curve = O::parameters();
    let combs = Combs::new(curve, tables, scalars);
    let [a, b] = scalars.map(|scalar| to_bytes(&scalar, O::LENGTH));
    let slow = combs.sum_slowly();
    match (O::combine(&a, &b, point), combs.sum()) {
        (Some(expected), Some(sum)) => {
            let expected = entered::<O>(&expected);
            assert!(is::<O>(&sum, &expected));
            assert!(is::<O>(&slow, &expected));
        }
        (None, None) => assert!(slow.is_infinite(curve)),
        _ => panic!("{scalars:?}"),
    }
}

fn small_multiples<O: Oracle>() {
    let curve = O::parameters();
    let secret = Random::new("multiples").scalar::<O>();
    let point = O::public(&secret);
    let table = Table::new(curve, &entered::<O>(&point)).expect("a table");
    let tables = [curve.base_table().expect("a table"), &table];
    let below = |low| int::combine(&curve.order.value, &number(low), -1);
    let numbers = [number(0), number(1), number(2), number(3), below(1), below(2), below(3)];
    for a in numbers {
        for b in numbers {
            check::<O>(tables, &point, &[a, b]);
        }
    }
}

/// The key G or -G: the two combs meet in every step.
fn sums_of_one_point<O: Oracle>() {
    let curve = O::parameters();
    let base = O::lift_base();
    let minus_one = int::combine(&curve.order.value, &number(1), -1);
    let opposite = O::public(&to_bytes(&minus_one, O::LENGTH));
    let random = &mut Random::new("one point");
    for point in [base, opposite] {
        let table = Table::new(curve, &entered::<O>(&point)).expect("a table");
        let tables = [curve.base_table().expect("a table"), &table];
        let a = int::from_bytes(&random.scalar::<O>());
        let minus_a = int::combine(&curve.order.value, &a, -1);
        for b in [a, minus_a] {
            assert!(Combs::new(curve, tables, &[a, b]).sum_fast().is_none());
            check::<O>(tables, &point, &[a, b]);
        }
        check::<O>(tables, &point, &[a, int::from_bytes(&random.scalar::<O>())]);
    }
}

/// What a scalar contributes in one step, modulo n.
fn part<O: Oracle>(scalar: &Int, step: usize) -> Int {
    let curve = O::parameters();
    let n = &curve.order.value;
    let columns = comb::BLOCKS * curve.steps;
    let signs = Signs::new(scalar, columns, &curve.order);
    let mut sum = number(0);
    for block in 0..comb::BLOCKS {
        for tooth in 0..comb::TEETH {
            let power = int::power_of_two(n, columns * tooth + curve.steps * block);
            let plus = signs.column(block * curve.steps + step) >> tooth & 1 == 1;
            let term = if plus { power } else { int::combine(n, &power, -1) };
            sum = int::reduce_once(&int::combine(&sum, &term, 1), n);
        }
    }
    sum
}

/// Keys for which the accumulated sum meets the next step's point or its opposite: with the parts a and b of the two
/// scalars in the top step and a', b' in the next, `2 (a + b q) = ±(a' + b' q)` for the key `q G`.
fn meeting_points<O: Oracle>() {
    let curve = O::parameters();
    let order = &curve.order;
    let n = &order.value;
    let random = &mut Random::new("meeting");
    let scalars = [random.scalar::<O>(), random.scalar::<O>()].map(|bytes| int::from_bytes(&bytes));
    let top = curve.steps - 1;
    for opposite in [false, true] {
        // 2 a ∓ a' and 2 b ∓ b'
        let [a, b] = scalars.map(|scalar| {
            let part = |step| part::<O>(&scalar, step);
            let twice = int::reduce_once(&int::combine(&part(top), &part(top), 1), n);
            let next = if opposite { part(top - 1) } else { int::combine(n, &part(top - 1), -1) };
            int::reduce_once(&int::combine(&twice, &next, 1), n)
        });
        let minus_a = int::combine(n, &a, -1);
        let secret = montgomery(&minus_a, &modinv::divide(&b, order), order);
        let point = O::public(&to_bytes(&secret, O::LENGTH));
        let table = Table::new(curve, &entered::<O>(&point)).expect("a table");
        let tables = [curve.base_table().expect("a table"), &table];
        let fast = Combs::new(curve, tables, &scalars).sum_fast().expect("no affine exception");
        assert!(fast.is_infinite(curve), "the exception is marked");
        check::<O>(tables, &point, &scalars);
        check::<O>(tables, &point, &[scalars[0], number(1)]);
    }
}
