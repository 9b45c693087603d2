//! RSA keys of every size, and signatures under them of any encoded message.
//!
//! A modulus is a product of primes p for which p − 1 divides [`PERIOD`]. Then x^(PERIOD + 1) is x, the private exponent
//! has 52 bits, and signing is cheap. A verifier cannot tell such a modulus from a good one, nor has it reason to.

use std::sync::LazyLock;

use num_bigint::BigUint;
use scopegate::algorithm::{Family, Hash};
use scopegate::{Algorithm, algorithm::ALGORITHMS};

use crate::ec::digest;
use crate::input::{Input, to_bytes};
use crate::mutate::Parts;
use crate::{Case, Key};

const FACTORS: [(u64, u32); 11] =
    [(2, 6), (5, 2), (7, 2), (11, 1), (13, 1), (17, 1), (19, 1), (23, 1), (29, 1), (31, 1), (37, 1)];
const PERIOD: u64 = 2_770_408_903_662_400;
const SIZES: [usize; 16] =
    [2048, 2048, 2049, 2050, 2055, 2056, 2057, 2559, 2879, 2881, 3072, 4095, 4096, 4097, 6144, 8192];

/// The primes below 2^32 whose predecessors divide [`PERIOD`], ascending.
static PRIMES: LazyLock<Vec<u64>> = LazyLock::new(|| {
    assert_eq!(FACTORS.iter().map(|&(factor, power)| factor.pow(power)).product::<u64>(), PERIOD);
    let mut divisors = vec![1];
    for (factor, power) in FACTORS {
        let smaller = divisors.clone();
        for power in 1..=power {
            divisors.extend(smaller.iter().map(|divisor| divisor * factor.pow(power)));
        }
    }
    let mut primes: Vec<u64> =
        divisors.into_iter().filter(|&d| d < 1 << 32).map(|d| d + 1).filter(|&p| p > 2 && is_prime(p)).collect();
    primes.sort_unstable();
    primes
});

/// By trial division: there are some thousand candidates below 2^32.
fn is_prime(candidate: u64) -> bool {
    (2..).take_while(|divisor| divisor * divisor <= candidate).all(|divisor| candidate % divisor != 0)
}

pub fn parts(n: &[u8]) -> Parts {
    Parts { length: n.len(), modulus: BigUint::from_bytes_be(n), halves: &[0], little_endian: false }
}

/// A case, and whether its signature holds.
pub fn make(input: &mut Input) -> Option<(Case, bool)> {
    let n = modulus(input)?;
    let (e, d) = exponents(input);
    let length = input.byte().into();
    let message = input.bytes(length).to_vec();
    let algorithms: Vec<&Algorithm> =
        ALGORITHMS.iter().filter(|row| matches!(row.family, Family::RsaPkcs1 | Family::RsaPss)).collect();
    let algorithm = input.pick(&algorithms);

    let mut hash = algorithm.hash;
    let mut salt_size = digest(hash, &[]).len();
    let how = input.byte() % 16;
    if how == 1 {
        hash = *input.pick(&[Hash::Sha256, Hash::Sha384, Hash::Sha512]);
    }
    if how == 2 {
        salt_size = input.byte().into();
    }
    let changed = hash != algorithm.hash || salt_size != digest(hash, &[]).len();
    let length = n.to_bytes_be().len();
    let mut encoded = match algorithm.family {
        Family::RsaPss => pss(hash, &message, n.bits() as usize - 1, &input.padded(salt_size))?,
        _ => pkcs1(hash, &message, length, if how == 3 { input.byte() } else { 0 })?,
    };
    let changed = changed && (how == 1 || algorithm.family == Family::RsaPss) || (how == 3 && encoded.1);
    let mut encoded = std::mem::take(&mut encoded.0);
    encoded.splice(0..0, vec![0; length - encoded.len()]);
    let before = encoded.clone();
    match how {
        // Some bytes of the encoded message are other ones.
        4 | 5 => (0..=input.byte() % 3).for_each(|_| {
            let at = input.short() % length;
            encoded[at] ^= input.byte();
        }),
        6 => encoded[input.byte() as usize % 4] ^= input.byte(),
        7 => *encoded.last_mut()? ^= input.byte(),
        _ => {}
    }
    let value = BigUint::from_bytes_be(&encoded);
    let holds = !changed && encoded == before;
    // A value above n is signed as what it is congruent to.
    let signature = to_bytes(&value.modpow(&d.into(), &n), length)?;
    let holds = holds && value < n;
    let key = Key::Rsa { n: n.to_bytes_be(), e: e.to_be_bytes().to_vec() };
    Some((Case { key, algorithm: algorithm.name, message, signature }, holds))
}

/// A product of primes that has exactly as many bits as were chosen.
fn modulus(input: &mut Input) -> Option<BigUint> {
    let size = match *input.pick(&SIZES) {
        2048 if input.byte() & 1 == 1 => 2048 + input.short() % 6145,
        size => size,
    } as u64;
    let (start, stride) = (input.short(), input.byte() as usize | 1);
    let primes = &*PRIMES;
    // The largest are left for the end.
    let middle = &primes[..primes.len() - 400];
    let mut used = vec![false; primes.len()];
    let mut n = BigUint::from(1u8);
    let mut at = start;
    while size - n.bits() > 30 {
        at = (at + stride) % middle.len();
        while used[at] {
            at = (at + 1) % middle.len();
        }
        if n.bits() + 64 - u64::from(middle[at].leading_zeros()) + 8 > size {
            break;
        }
        used[at] = true;
        n *= middle[at];
    }
    let start = start % primes.len();
    (start..primes.len())
        .chain(0..start)
        .find(|&at| !used[at] && (&n * primes[at]).bits() == size)
        .map(|at| n * primes[at])
}

/// A public exponent and its private one.
fn exponents(input: &mut Input) -> (u64, u64) {
    let mut e = match input.byte() % 8 {
        0 => 3,
        1 => (1 << 32) + 1 + 2 * input.short() as u64,
        2 => (1 << 33) - 1,
        3 => input.padded(5).iter().fold(0, |e, &byte| e << 8 | u64::from(byte)) % (1 << 33),
        4 => 3 + 2 * u64::from(input.byte()),
        _ => 65537,
    };
    e = (e | 1).max(3);
    while FACTORS.iter().any(|&(factor, _)| e % factor == 0) {
        e = if e + 2 < 1 << 33 { e + 2 } else { 3 };
    }
    let d = BigUint::from(e).modinv(&PERIOD.into()).expect("coprime");
    (e, d.try_into().expect("64 bits"))
}

/// EMSA-PKCS1-v1_5, in one of its wrong forms if `form` is not zero; whether it is wrong.
fn pkcs1(hash: Hash, message: &[u8], length: usize, form: u8) -> Option<(Vec<u8>, bool)> {
    let digest = digest(hash, message);
    let size = digest.len() as u8;
    let arc = match hash {
        Hash::Sha256 => 1,
        Hash::Sha384 => 2,
        Hash::Sha512 => 3,
    };
    let oid = [0x06, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, arc];
    let info = |null: &[u8]| {
        let algorithm = [&[0x30, (oid.len() + null.len()) as u8], &oid[..], null].concat();
        [&[0x30, (algorithm.len() + 2) as u8 + size], &algorithm[..], &[0x04, size], &digest].concat()
    };
    let form = form % 8;
    let (info, tail) = match form {
        1 => (info(&[]), vec![]),
        2 => (info(&[0x05, 0x81, 0]), vec![]),
        // Garbage after a short padding.
        3 => (info(&[5, 0]), vec![0; length.saturating_sub(3 + 8 + 19 + digest.len())]),
        4 => (info(&[5, 0]), vec![0xff]),
        5 => (digest.clone(), vec![]),
        _ => (info(&[5, 0]), vec![]),
    };
    let padding = length.checked_sub(3 + info.len() + tail.len())?;
    let (block, fill) = match form {
        6 => (2, 0xff),
        7 => (1, 0xfe),
        _ => (1, 0xff),
    };
    Some(([&[0, block], &vec![fill; padding][..], &[0], &info, &tail].concat(), form != 0))
}

/// EMSA-PSS of `bits` bits.
fn pss(hash: Hash, message: &[u8], bits: usize, salt: &[u8]) -> Option<(Vec<u8>, bool)> {
    let length = bits.div_ceil(8);
    let h = digest(hash, &[&[0; 8], &digest(hash, message)[..], salt].concat());
    let padding = length.checked_sub(h.len() + salt.len() + 2)?;
    let mut db = [&vec![0; padding][..], &[1], salt].concat();
    let mask = (0u32..).flat_map(|counter| digest(hash, &[&h[..], &counter.to_be_bytes()].concat()));
    db.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    db[0] &= 0xff >> (8 * length - bits);
    Some(([&db[..], &h, &[0xbc]].concat(), false))
}

/// Where the reference is laxer than RFC 8017 (and RustCrypto's `rsa` 0.9 than its own later versions): of PSS signatures it
/// takes s + n for s (§5.2.2 step 1: out of range), and under a modulus of 8k + 1 bits it ignores the byte of the encoded
/// message that the encoding does not have (§8.1.2 step 2c: EM must fit into emLen bytes).
pub fn reference_is_lax(algorithm: &Algorithm, n: &[u8], e: &[u8], signature: &[u8]) -> bool {
    let [n, e, s] = [n, e, signature].map(BigUint::from_bytes_be);
    let bits = n.bits();
    algorithm.family == Family::RsaPss && (s >= n || bits % 8 == 1 && s.modpow(&e, &n).bits() == bits)
}
