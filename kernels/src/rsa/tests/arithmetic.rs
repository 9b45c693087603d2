//! The RSA operation itself against num-bigint.

use super::Random;
use crate::rsa::RsaKey;
use num_bigint::BigUint;

/// `s^e mod n` by the kernel; `None` if the kernel refuses.
fn recover(n: &BigUint, e: u64, s: &BigUint) -> Option<BigUint> {
    let key = RsaKey::new(&n.to_bytes_be(), &e.to_be_bytes())?;
    let size = n.to_bytes_be().len();
    let bytes = s.to_bytes_be();
    let mut signature = vec![0; size - bytes.len()];
    signature.extend(bytes);
    let message = key.recover(&signature)?;
    assert_eq!(message.len(), size);
    Some(BigUint::from_bytes_be(&message))
}

fn check(n: &BigUint, e: u64, s: &BigUint) {
    assert_eq!(recover(n, e, s), Some(s.modpow(&BigUint::from(e), n)), "n = {n:x}, e = {e}, s = {s:x}");
}

fn edges(n: &BigUint) -> Vec<BigUint> {
    let one = BigUint::from(1u8);
    let power = &one << (n.bits() - 1);
    vec![BigUint::ZERO, one.clone(), BigUint::from(2u8), n - &one, n >> 1, &power - &one, power]
}

#[test]
fn random_odd_moduli_of_many_lengths() {
    let mut random = Random(4);
    let near = (2048..2080).chain(2840..2870).chain([3070, 3071, 3072, 3073, 4095, 4096, 4097, 8190, 8191, 8192]);
    for bits in near.chain((2080usize..8192).step_by(61)) {
        let mut n = BigUint::from_bytes_be(&random.bytes(bits.div_ceil(8))) >> (bits.div_ceil(8) * 8 - bits);
        n.set_bit(0, true);
        n.set_bit(bits as u64 - 1, true);
        let s = BigUint::from_bytes_be(&random.bytes(bits / 8)) % &n;
        let e = [3, 17, 65537, (1 << 32) + 1, (1 << 33) - 1][random.below(5)];
        check(&n, e, &s);
    }
}

#[test]
fn extreme_moduli() {
    let one = BigUint::from(1u8);
    for bits in [2048, 2049, 2055, 2056, 2063, 2064, 2831, 2832, 2855, 3072, 4096, 4101, 8191, 8192] {
        let top = &one << bits;
        let bottom = &one << (bits - 1);
        // All ones; one bit at either end; ones and zeros in long runs; alternating bits.
        let run = (&top - &one) ^ ((&one << (bits / 2)) - &one) ^ &one;
        let alternating: BigUint = ((&top - &one) / 3u8 * 2u8) | &one;
        for n in [&top - &one, &bottom + &one, &bottom + 3u8, run, alternating] {
            for s in edges(&n) {
                check(&n, 65537, &s);
            }
            check(&n, 3, &(&n - 2u8));
        }
    }
}

#[test]
fn all_small_exponents() {
    let mut random = Random(5);
    let mut n: BigUint = BigUint::from_bytes_be(&random.bytes(257)) >> 3;
    n.set_bit(0, true);
    n.set_bit(2052, true);
    let s = BigUint::from_bytes_be(&random.bytes(256));
    for e in (3..200).step_by(2) {
        check(&n, e, &s);
    }
}
