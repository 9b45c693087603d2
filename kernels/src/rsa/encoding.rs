//! The encoded messages of RFC 8017: EMSA-PKCS1-v1_5 (section 9.2) and EMSA-PSS (section 9.1).
//!
//! Both checks build the one encoding that the digest (and, for PSS, the salt) allows and compare
//! it whole with what the signature gives. Nothing is parsed.

use alloc::vec::Vec;

use crate::Hash;

/// Whether `message` is the EMSA-PKCS1-v1_5 encoding of `digest`.
pub(super) fn is_pkcs1(message: &[u8], hash: Hash, digest: &[u8]) -> bool {
    let size = hash.size() as u8;
    // DigestInfo { { 2.16.840.1.101.3.4.2.x, NULL }, digest } up to the digest's bytes.
    let info = [
        0x30,
        17 + size,
        0x30,
        13,
        0x06,
        9,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        identifier(hash),
        0x05,
        0,
        0x04,
        size,
    ];
    let Some(padding) = message.len().checked_sub(info.len() + digest.len() + 3) else {
        return false;
    };
    if padding < 8 || digest.len() != hash.size() {
        return false;
    }
    let mut expected = Vec::with_capacity(message.len());
    expected.extend_from_slice(&[0, 1]);
    expected.resize(2 + padding, 0xff);
    expected.push(0);
    expected.extend_from_slice(&info);
    expected.extend_from_slice(digest);
    expected == message
}

/// The last arc of the hash function's object identifier under 2.16.840.1.101.3.4.2.
fn identifier(hash: Hash) -> u8 {
    match hash {
        Hash::Sha256 => 1,
        Hash::Sha384 => 2,
        Hash::Sha512 => 3,
    }
}

/// Whether `message`, as long as the modulus of `modulus_bits` bits, is an EMSA-PSS encoding of
/// `digest` with a salt of `salt_size` bytes and MGF1 over the same hash function.
pub(super) fn is_pss(message: &[u8], modulus_bits: usize, hash: Hash, digest: &[u8], salt_size: usize) -> bool {
    // emBits is one less than the modulus has, so a modulus of 8k + 1 bits has a byte more than
    // the encoding. That byte is zero.
    let encoded_bits = modulus_bits - 1;
    let size = hash.size();
    let Some((leading, encoded)) =
        message.len().checked_sub(encoded_bits.div_ceil(8)).and_then(|n| message.split_at_checked(n))
    else {
        return false;
    };
    let Some(padding) = encoded.len().checked_sub(size + salt_size + 2) else { return false };
    if leading.iter().any(|&byte| byte != 0) || digest.len() != size {
        return false;
    }
    let (masked, tail) = encoded.split_at(encoded.len() - size - 1);
    let Some((_, seed)) = tail.split_last() else { return false };
    let mask = mgf1(hash, seed, masked.len());
    let salt: Vec<u8> = masked.iter().zip(&mask).skip(padding + 1).map(|(a, b)| a ^ b).collect();

    let mut expected = vec![0; padding];
    expected.push(1);
    expected.extend_from_slice(&salt);
    for (byte, mask) in expected.iter_mut().zip(&mask) {
        *byte ^= mask;
    }
    if let Some(first) = expected.first_mut() {
        *first &= 0xff >> (8 * encoded.len() - encoded_bits);
    }
    // The mask comes from the seed found in the message; here it is the seed it has to be.
    hash.append(&[&[0; 8], digest, &salt], &mut expected);
    expected.push(0xbc);
    expected == encoded
}

/// MGF1 (RFC 8017, appendix B.2.1): at least `size` bytes of mask.
fn mgf1(hash: Hash, seed: &[u8], size: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(size + hash.size());
    let mut counter = 0u32;
    while mask.len() < size {
        hash.append(&[seed, &counter.to_be_bytes()], &mut mask);
        counter += 1;
    }
    mask
}
