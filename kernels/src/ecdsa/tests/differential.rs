//! The same questions to this implementation and to RustCrypto.

use super::oracle::{Oracle, Random, on_each_curve, to_bytes};
use crate::ecdsa::EcdsaKey;
use crate::prime::int::{self, Int};

on_each_curve! { random_signatures boundary_scalars digests x_between_order_and_prime coordinates lengths }

/// Both verdicts, which must agree.
fn verdict<O: Oracle>(key: &EcdsaKey, point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    let ours = key.verify_digest(digest, signature);
    assert_eq!(ours, O::verify(point, digest, signature), "{point:x?} {digest:x?} {signature:x?}");
    ours
}

fn random_signatures<O: Oracle>() {
    let random = &mut Random::new("signatures");
    for _ in 0..6 {
        let secret = random.scalar::<O>();
        let point = O::public(&secret);
        let key = O::key(&point);
        for _ in 0..25 {
            let digest = random.bytes(O::LENGTH.min(64));
            let signature = O::sign(&secret, &digest);
            assert!(verdict::<O>(&key, &point, &digest, &signature));
            let mut damaged = [digest.clone(), signature.clone()];
            let bytes = &mut damaged[random.below(2)];
            let index = random.below(bytes.len());
            bytes[index] ^= 1 << random.below(8);
            // The one bit that does not matter is one of the digest beyond the order's length: there is none here.
            assert!(!verdict::<O>(&key, &point, &damaged[0], &damaged[1]));
        }
    }
}

/// Numbers at which an implementation may stumble.
fn boundaries<O: Oracle>() -> Vec<Vec<u8>> {
    let mut one: Int = [0; int::LIMBS];
    one[0] = 1;
    let mut boundaries = vec![vec![0xff; O::LENGTH], vec![0; O::LENGTH]];
    let parameters = O::parameters();
    for number in [&parameters.order.value, &parameters.prime.p.value, &[0; int::LIMBS]] {
        let mut above = *number;
        for _ in 0..3 {
            boundaries.push(to_bytes(&above, O::LENGTH));
            above = int::combine(&above, &one, 1);
        }
        let half = int::halve(number);
        boundaries.push(to_bytes(&half, O::LENGTH));
        boundaries.push(to_bytes(&int::combine(&half, &one, 1), O::LENGTH));
        if !int::is_zero(number) {
            let below = int::combine(number, &one, -1);
            boundaries.push(to_bytes(&below, O::LENGTH));
            boundaries.push(to_bytes(&int::combine(&below, &one, -1), O::LENGTH));
        }
    }
    boundaries
}

fn boundary_scalars<O: Oracle>() {
    let random = &mut Random::new("boundaries");
    let secret = random.scalar::<O>();
    let point = O::public(&secret);
    let key = O::key(&point);
    let digest = random.bytes(O::LENGTH.min(64));
    let mut numbers = boundaries::<O>();
    numbers.extend(O::sign(&secret, &digest).chunks(O::LENGTH).map(<[u8]>::to_vec));
    let mut accepted = 0;
    for r in &numbers {
        for s in &numbers {
            let signature = [r.as_slice(), s].concat();
            accepted += usize::from(verdict::<O>(&key, &point, &digest, &signature));
        }
    }
    assert_eq!(accepted, 1);
}

fn digests<O: Oracle>() {
    let random = &mut Random::new("digests");
    let secret = random.scalar::<O>();
    let point = O::public(&secret);
    let key = O::key(&point);
    let mut digests = boundaries::<O>();
    digests.extend((0..=100).step_by(3).map(|length| random.bytes(length)));
    for digest in digests {
        let signature = O::sign(&secret, &digest);
        assert!(verdict::<O>(&key, &point, &digest, &signature));
        assert!(!verdict::<O>(&key, &point, &random.bytes(O::LENGTH), &signature));
    }
}

/// The x-coordinate of a sum may be r + n: too rare to happen, so made up. For a point R and any digest e and s, the
/// key `(s R - e G) / r` is one for which (r, s) is a signature, if r is the x-coordinate of R modulo n.
fn x_between_order_and_prime<O: Oracle>() {
    let random = &mut Random::new("r + n");
    let (order, p) = (&O::parameters().order, &O::parameters().prime.p);
    let mut found = 0;
    let mut r: Int = [0; int::LIMBS];
    for low in 1..60 {
        r[0] = low;
        let above = int::combine(&r, &order.value, 1);
        let Some(sum) = O::lift(&to_bytes(&above, O::LENGTH)) else {
            continue;
        };
        found += 1;
        let (s, e) = (random.scalar::<O>(), random.scalar::<O>());
        // 1 / r, times s and -e.
        let inverse = crate::prime::modinv::divide(&r, order);
        let times = |number: &Int| crate::ecdsa::modmul::montgomery(number, &inverse, order);
        let minus_e = int::combine(&order.value, &int::from_bytes(&e), -1);
        let [a, b] = [minus_e, int::from_bytes(&s)].map(|number| to_bytes(&times(&number), O::LENGTH));
        let point = O::combine(&a, &b, &sum).expect("not infinite");
        let key = O::key(&point);
        let digest = if O::LENGTH == 66 { shifted_left(&e) } else { e };
        let signature = [to_bytes(&r, O::LENGTH), s.clone()].concat();
        assert!(verdict::<O>(&key, &point, &digest, &signature));
        // r + n itself is no r, nor is another r with the same s.
        let signature = [to_bytes(&above, O::LENGTH), s.clone()].concat();
        assert!(!verdict::<O>(&key, &point, &digest, &signature));
        r[0] += 1;
        let signature = [to_bytes(&r, O::LENGTH), s].concat();
        assert!(!verdict::<O>(&key, &point, &digest, &signature));
    }
    assert!(found > 5, "{found}");
    // The largest r for which r + n < p, and the next.
    let mut r = int::combine(&p.value, &order.value, -1);
    let secret = random.scalar::<O>();
    let point = O::public(&secret);
    let s = random.scalar::<O>();
    for _ in 0..3 {
        let signature = [to_bytes(&r, O::LENGTH), s.clone()].concat();
        verdict::<O>(&O::key(&point), &point, &s, &signature);
        r[0] -= 1;
    }
}

/// The bytes of `number * 2^7`: a digest of 66 bytes of which the leftmost 521 bits are the number.
fn shifted_left(number: &[u8]) -> Vec<u8> {
    let next = number.iter().skip(1).chain([&0]);
    number.iter().zip(next).map(|(high, low)| high << 7 | low >> 1).collect()
}

fn coordinates<O: Oracle>() {
    let base = O::lift_base();
    let (x, y) = base.split_at(O::LENGTH);
    let new = |x: &[u8], y: &[u8]| EcdsaKey::new(O::CURVE, x, y).is_some();
    assert!(new(x, y));
    assert!(!new(y, x));
    assert!(!new(&x[1..], y));
    assert!(!new(x, &y[1..]));
    assert!(!new(&[&[0], x].concat(), y));
    assert!(!new(x, &[&[0], y].concat()));
    for number in boundaries::<O>() {
        // None of these is on the curve with the other coordinate of the base point.
        assert!(!new(&number, y));
        assert!(!new(x, &number));
        assert!(!new(&number, &number));
        // With its own y-coordinate it is on the curve, but not if written as a number above p.
        if let Some(point) = O::lift(&number) {
            let (x, y) = point.split_at(O::LENGTH);
            assert!(new(x, y));
        }
    }
    // x + p is the same residue as x, but not a coordinate.
    let mut small: Int = [0; int::LIMBS];
    let mut found = 0;
    for low in 0..20 {
        small[0] = low;
        if let Some(point) = O::lift(&to_bytes(&small, O::LENGTH)) {
            let (x, y) = point.split_at(O::LENGTH);
            let same = int::combine(&small, &O::parameters().prime.p.value, 1);
            assert!(new(x, y));
            assert!(!new(&to_bytes(&same, O::LENGTH), y));
            found += 1;
        }
    }
    assert!(found > 2);
    let bytes = O::key(&base).table_bytes();
    assert!(bytes <= 88 << 10, "{bytes}");
}

fn lengths<O: Oracle>() {
    let random = &mut Random::new("lengths");
    let secret = random.scalar::<O>();
    let point = O::public(&secret);
    let key = O::key(&point);
    let digest = random.bytes(O::LENGTH.min(64));
    let signature = O::sign(&secret, &digest);
    assert!(key.verify_digest(&digest, &signature));
    for wrong in [
        &signature[..2 * O::LENGTH - 1],
        &[&signature[..], &[0]].concat(),
        &[&[0], &signature[..]].concat(),
        &[&[0], &signature[..O::LENGTH], &[0], &signature[O::LENGTH..]].concat(),
        &[],
    ] {
        assert!(!key.verify_digest(&digest, wrong));
    }
}
