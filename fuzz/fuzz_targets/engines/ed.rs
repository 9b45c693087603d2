//! Ed25519 keys and signatures: good ones, and points of small order in place of the key or of R.

use ed25519_dalek::{Signer, SigningKey};
use num_bigint::BigUint;

use crate::input::Input;
use crate::mutate::Parts;
use crate::{Case, Key};

/// Encodings of the points of small order, and some that are not reduced.
const SMALL: [&str; 10] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

pub fn parts() -> Parts {
    let order =
        (BigUint::from(1u8) << 252u32) + "27742317777372353535851937790883648493".parse::<BigUint>().expect("a number");
    Parts { length: 32, modulus: order, halves: &[1], little_endian: true }
}

fn small(input: &mut Input) -> Vec<u8> {
    let text = input.pick(&SMALL);
    (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).expect("hexadecimal")).collect()
}

pub fn make(input: &mut Input) -> Option<(Case, bool)> {
    let length = input.byte().into();
    let message = input.bytes(length).to_vec();
    let how = input.byte() % 8;
    let secret: [u8; 32] = input.padded(32).try_into().ok()?;
    let secret = SigningKey::from_bytes(&secret);
    let mut signature = secret.sign(&message).to_bytes().to_vec();
    let mut x = secret.verifying_key().to_bytes().to_vec();
    if how == 1 || how == 2 {
        x = small(input);
    }
    if how == 2 || how == 3 {
        signature[..32].copy_from_slice(&small(input));
    }
    Some((Case { key: Key::Ed { x }, algorithm: "EdDSA", message, signature }, !matches!(how, 1..=3)))
}
