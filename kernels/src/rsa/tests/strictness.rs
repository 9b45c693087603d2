//! What is refused before any arithmetic, and the encodings byte by byte.

use crate::rsa::encoding::{is_pkcs1, is_pss};
use crate::rsa::{Hash, RsaKey};

fn number(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0x55; bits.div_ceil(8)];
    let top = (bits - 1) % 8;
    bytes[0] = (bytes[0] & ((1 << top) - 1)) | 1 << top;
    bytes
}

#[test]
fn moduli_outside_the_profile() {
    let e = [1, 0, 1];
    for bits in [2048, 2049, 4096, 8191, 8192] {
        assert_eq!(RsaKey::new(&number(bits), &e).map(|key| key.bits), Some(bits));
        let padded = [&[0, 0], &number(bits)[..]].concat();
        assert_eq!(RsaKey::new(&padded, &[0, 1, 0, 1]).map(|key| key.bits), Some(bits));
        let mut even = number(bits);
        *even.last_mut().expect("byte") &= 0xfe;
        assert!(RsaKey::new(&even, &e).is_none());
    }
    for bits in [1, 8, 512, 1024, 2047, 8193, 16384] {
        assert!(RsaKey::new(&number(bits), &e).is_none(), "{bits}");
    }
    assert!(RsaKey::new(&[], &e).is_none());
    assert!(RsaKey::new(&[0; 256], &e).is_none());
}

#[test]
fn exponents_outside_the_profile() {
    let n = number(2048);
    for e in [3u64, 5, 17, 257, 65537, 0xffff_ffff, (1 << 32) + 1, (1 << 33) - 1] {
        assert!(RsaKey::new(&n, &e.to_be_bytes()).is_some(), "{e}");
    }
    for e in [0u64, 1, 2, 4, 65536, 1 << 33, (1 << 33) + 1, (1 << 40) + 1, u64::MAX] {
        assert!(RsaKey::new(&n, &e.to_be_bytes()).is_none(), "{e}");
    }
    assert!(RsaKey::new(&n, &[]).is_none());
    assert!(RsaKey::new(&n, &[0xff; 32]).is_none());
}

#[test]
fn digests_of_a_wrong_length() {
    for size in [0, 1, 20, 31, 33, 48, 64] {
        let digest = vec![7; size];
        let info = [0x30, 17 + size as u8, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4];
        let padding = vec![0xff; 256 - 3 - 19 - size];
        let message = [&[0, 1][..], &padding, &[0], &info, &[size as u8], &digest].concat();
        assert!(!is_pkcs1(&message, Hash::Sha256, &digest));
        assert!(!is_pss(&encode(2048, &digest, &[1; 32]), 2048, Hash::Sha256, &digest, 32));
    }
}

#[test]
fn pkcs1_is_compared_whole() {
    let digest = [7; 32];
    let info = [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];
    let message = [&[0, 1][..], &[0xff; 202], &[0], &info, &digest].concat();
    assert_eq!(message.len(), 256);
    assert!(is_pkcs1(&message, Hash::Sha256, &digest));
    for at in 0..256 {
        for bit in 0..8 {
            let mut damaged = message.clone();
            damaged[at] ^= 1 << bit;
            assert!(!is_pkcs1(&damaged, Hash::Sha256, &digest), "{at}");
        }
    }
    // No NULL, and one byte more of padding (RFC 8017 wants the parameters present).
    let mut short = info.to_vec();
    short.drain(15..17);
    short[1] -= 2;
    short[3] -= 2;
    let message = [&[0, 1][..], &[0xff; 204], &[0], &short, &digest].concat();
    assert!(!is_pkcs1(&message, Hash::Sha256, &digest));
    // Padding shorter than eight bytes, and messages shorter than the encoding.
    let message = [&[0, 1][..], &[0xff; 7], &[0], &info, &digest].concat();
    assert!(!is_pkcs1(&message, Hash::Sha256, &digest));
    for size in 0..message.len() {
        assert!(!is_pkcs1(&message[..size], Hash::Sha256, &digest));
    }
}

/// EMSA-PSS (RFC 8017, section 9.1.1), written a second time.
fn encode(bits: usize, digest: &[u8], salt: &[u8]) -> Vec<u8> {
    use rsa::sha2::{Digest, Sha256};
    let size = (bits - 1).div_ceil(8);
    let h = Sha256::new().chain_update([0; 8]).chain_update(digest).chain_update(salt).finalize();
    let mut db = vec![0; size - h.len() - 1];
    let at = db.len() - salt.len();
    db[at..].copy_from_slice(salt);
    db[at - 1] = 1;
    for (counter, block) in (0u32..).zip(db.chunks_mut(32)) {
        let mask = Sha256::new().chain_update(h).chain_update(counter.to_be_bytes()).finalize();
        block.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    }
    db[0] &= 0xff >> (8 * size - (bits - 1));
    let leading = vec![0; bits.div_ceil(8) - size];
    [&leading[..], &db, &h, &[0xbc]].concat()
}

#[test]
fn pss_is_compared_whole_for_every_length_modulo_eight() {
    let digest = [9; 32];
    for bits in 2048..2066 {
        for size in [0, 20, 32, 222] {
            let message = encode(bits, &digest, &vec![0xa5; size]);
            assert!(is_pss(&message, bits, Hash::Sha256, &digest, size), "{bits} {size}");
            for other in [0, 1, 20, 31, 32, 33, 64, 221, 222, 223, 224, 300] {
                assert_eq!(is_pss(&message, bits, Hash::Sha256, &digest, other), size == other);
            }
        }
        let message = encode(bits, &digest, &[0xa5; 32]);
        for at in 0..message.len() {
            for bit in 0..8 {
                let mut damaged = message.clone();
                damaged[at] ^= 1 << bit;
                assert!(!is_pss(&damaged, bits, Hash::Sha256, &digest, 32), "{bits} {at} {bit}");
            }
        }
        for size in 0..message.len() {
            assert!(!is_pss(&message[..size], bits, Hash::Sha256, &digest, 32));
        }
    }
}
