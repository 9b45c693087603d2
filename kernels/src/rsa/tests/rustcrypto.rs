//! The same answers as RustCrypto's `rsa` gives, on good and on damaged signatures.

use super::{Pair, Random, pairs};
use crate::rsa::{Hash, RsaScheme};
use num_bigint::BigUint;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::{Pkcs1v15Sign, Pss};

const HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];
const SCHEMES: [RsaScheme; 2] = [RsaScheme::Pkcs1, RsaScheme::Pss];

fn sign(pair: &Pair, scheme: RsaScheme, hash: Hash, digest: &[u8], random: &mut Random) -> Vec<u8> {
    let key = &pair.private;
    match (scheme, hash) {
        (RsaScheme::Pkcs1, Hash::Sha256) => key.sign(Pkcs1v15Sign::new::<Sha256>(), digest),
        (RsaScheme::Pkcs1, Hash::Sha384) => key.sign(Pkcs1v15Sign::new::<Sha384>(), digest),
        (RsaScheme::Pkcs1, Hash::Sha512) => key.sign(Pkcs1v15Sign::new::<Sha512>(), digest),
        (RsaScheme::Pss, Hash::Sha256) => key.sign_with_rng(random, Pss::<Sha256>::new(), digest),
        (RsaScheme::Pss, Hash::Sha384) => key.sign_with_rng(random, Pss::<Sha384>::new(), digest),
        (RsaScheme::Pss, Hash::Sha512) => key.sign_with_rng(random, Pss::<Sha512>::new(), digest),
    }
    .expect("signature")
}

fn accepts(pair: &Pair, scheme: RsaScheme, hash: Hash, digest: &[u8], signature: &[u8]) -> bool {
    let key = &pair.public;
    match (scheme, hash) {
        (RsaScheme::Pkcs1, Hash::Sha256) => key.verify(Pkcs1v15Sign::new::<Sha256>(), digest, signature),
        (RsaScheme::Pkcs1, Hash::Sha384) => key.verify(Pkcs1v15Sign::new::<Sha384>(), digest, signature),
        (RsaScheme::Pkcs1, Hash::Sha512) => key.verify(Pkcs1v15Sign::new::<Sha512>(), digest, signature),
        (RsaScheme::Pss, Hash::Sha256) => key.verify(Pss::<Sha256>::new(), digest, signature),
        (RsaScheme::Pss, Hash::Sha384) => key.verify(Pss::<Sha384>::new(), digest, signature),
        (RsaScheme::Pss, Hash::Sha512) => key.verify(Pss::<Sha512>::new(), digest, signature),
    }
    .is_ok()
}

/// A big-endian number of a given size, if it fits.
fn padded(value: &BigUint, size: usize) -> Option<Vec<u8>> {
    let bytes = value.to_bytes_be();
    let mut out = vec![0; size.checked_sub(bytes.len())?];
    out.extend(bytes);
    Some(out)
}

#[test]
fn agrees_on_good_and_damaged_signatures() {
    let mut random = Random(1);
    let (mut good, mut bad) = (0, 0);
    for pair in pairs() {
        for scheme in SCHEMES {
            for hash in HASHES {
                let digest = random.bytes(hash.size());
                let signature = sign(&pair, scheme, hash, &digest, &mut random);
                assert!(accepts(&pair, scheme, hash, &digest, &signature), "{}", pair.name);
                assert!(pair.ours.verify(scheme, hash, &digest, &signature), "{}", pair.name);
                good += 1;
                for other in SCHEMES.into_iter().filter(|&other| other != scheme) {
                    assert!(!pair.ours.verify(other, hash, &digest, &signature));
                }
                for other in HASHES.into_iter().filter(|&other| other != hash) {
                    assert!(!pair.ours.verify(scheme, other, &random.bytes(other.size()), &signature));
                    assert!(!pair.ours.verify(scheme, other, &digest, &signature));
                }
                for _ in 0..6 {
                    let (mut signature, mut digest) = (signature.clone(), digest.clone());
                    let flip = 1 << random.below(8);
                    if random.below(4) == 0 {
                        let at = random.below(digest.len());
                        digest[at] ^= flip;
                    } else {
                        let at = random.below(signature.len());
                        signature[at] ^= flip;
                    }
                    assert!(!accepts(&pair, scheme, hash, &digest, &signature), "{}", pair.name);
                    assert!(!pair.ours.verify(scheme, hash, &digest, &signature), "{}", pair.name);
                    bad += 1;
                }
            }
        }
    }
    assert_eq!((good, bad), (84, 504));
}

#[test]
fn agrees_at_the_edges_of_the_range() {
    let mut random = Random(2);
    for pair in pairs() {
        let n = BigUint::from_bytes_be(&pair.modulus());
        let size = pair.modulus().len();
        for scheme in SCHEMES {
            let hash = Hash::Sha256;
            let digest = random.bytes(32);
            let signature = sign(&pair, scheme, hash, &digest, &mut random);
            let value = BigUint::from_bytes_be(&signature);
            let one = BigUint::from(1u8);
            let edges = [BigUint::ZERO, one.clone(), &n - &one, n.clone(), &n + &one, &n + &value, &n - &value];
            for edge in edges.iter().filter_map(|edge| padded(edge, size)) {
                assert!(!accepts(&pair, scheme, hash, &digest, &edge), "{}", pair.name);
                assert!(!pair.ours.verify(scheme, hash, &digest, &edge), "{}", pair.name);
            }
            let all_ones = vec![0xff; size];
            assert!(!pair.ours.verify(scheme, hash, &digest, &all_ones));
            // A length other than the modulus's, whatever the value.
            let longer = [&[0], &signature[..]].concat();
            let trailing = [&signature[..], &[0]].concat();
            for wrong in [&longer[..], &trailing, &signature[1..], &signature[..size - 1], &[]] {
                assert!(!pair.ours.verify(scheme, hash, &digest, wrong), "{}", pair.name);
            }
            assert!(pair.ours.verify(scheme, hash, &digest, &signature));
        }
    }
}

#[test]
fn accepts_signatures_with_leading_zeros() {
    let mut random = Random(3);
    // 2049 bits: the leading byte of most numbers below the modulus is zero.
    let pair = pairs().find(|pair| pair.ours.bits == 2049).expect("key");
    let mut seen = 0;
    while seen < 4 {
        let digest = random.bytes(32);
        for scheme in SCHEMES {
            let signature = sign(&pair, scheme, Hash::Sha256, &digest, &mut random);
            assert!(pair.ours.verify(scheme, Hash::Sha256, &digest, &signature));
            if signature[0] == 0 {
                seen += 1;
                assert!(!pair.ours.verify(scheme, Hash::Sha256, &digest, &signature[1..]));
            }
        }
    }
}
