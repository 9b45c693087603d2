//! What is done to a signature, its message or its key before the engines see it.

use num_bigint::BigUint;

use crate::Case;
use crate::input::{Input, to_bytes};

/// The numbers that a signature consists of.
pub struct Parts {
    /// Bytes in each.
    pub length: usize,
    /// What each must be below.
    pub modulus: BigUint,
    /// Which of the halves are such numbers; RSA has one number, no halves.
    pub halves: &'static [usize],
    pub little_endian: bool,
}

/// Changes the case in one way, or not at all. Returns whether it may have changed.
pub fn mutate(case: &mut Case, parts: &Parts, input: &mut Input) -> bool {
    let choice = input.byte() % 24;
    match choice {
        0..=11 => return false,
        12 | 13 => boundary(&mut case.signature, parts, parts.halves[0], input),
        14 => boundary(&mut case.signature, parts, parts.halves[parts.halves.len() - 1], input),
        15 => parts.halves.iter().for_each(|&half| boundary(&mut case.signature, parts, half, input)),
        16 => {
            let middle = case.signature.len() / 2;
            case.signature.rotate_left(middle);
        }
        17 | 18 => flip(&mut case.signature, input),
        19 => flip(&mut case.message, input),
        20 => {
            let length = input.short() % (case.signature.len() + 2);
            case.signature.resize(length, input.byte());
        }
        21 => {
            // A byte in front of it, or of each half, or one less.
            let byte = input.byte();
            match input.byte() % 3 {
                0 => case.signature.insert(0, byte),
                1 => {
                    case.signature.insert(case.signature.len() / 2, byte);
                    case.signature.insert(0, byte);
                }
                _ => drop(case.signature.drain(..case.signature.len().min(1))),
            }
        }
        22 => case.key.damage(input),
        _ => {
            let at = input.short() % (case.signature.len() + 1);
            let bytes = input.bytes(usize::from(input.0.first().copied().unwrap_or(0)));
            case.signature.iter_mut().skip(at).zip(bytes).for_each(|(to, from)| *to = *from);
        }
    }
    true
}

fn flip(bytes: &mut [u8], input: &mut Input) {
    let length = bytes.len();
    for _ in 0..=input.byte() % 3 {
        let at = input.short();
        if let Some(byte) = bytes.get_mut(at / 8 % length.max(1)) {
            *byte ^= 1 << (at % 8);
        }
    }
}

/// Puts a number on the border of what is allowed, or congruent to what was there, into one half.
fn boundary(signature: &mut [u8], parts: &Parts, half: usize, input: &mut Input) {
    let Some(place) = signature.get_mut(half * parts.length..(half + 1) * parts.length) else { return };
    let mut bytes = place.to_vec();
    if parts.little_endian {
        bytes.reverse();
    }
    let value = BigUint::from_bytes_be(&bytes);
    let modulus = &parts.modulus;
    let value = match input.byte() % 12 {
        0 => BigUint::from(0u8),
        1 => BigUint::from(1u8),
        2 => modulus - 1u8,
        3 => modulus.clone(),
        4 => modulus + 1u8,
        5 | 6 => value + modulus,
        7 => modulus - value % modulus,
        8 => value + 1u8,
        9 => (BigUint::from(1u8) << (8 * parts.length)) - 1u8,
        10 => value + modulus * input.byte(),
        _ => input.number(modulus),
    };
    let Some(mut bytes) = to_bytes(&value, parts.length) else { return };
    if parts.little_endian {
        bytes.reverse();
    }
    place.copy_from_slice(&bytes);
}
