//! The kernel against other implementations, the vectors of Wycheproof and its own bounds.

mod arithmetic;
mod bounds;
mod rustcrypto;
mod strictness;
mod wycheproof;

use crate::rsa::RsaKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPrivateKey, RsaPublicKey};

/// Deterministic random numbers (splitmix64).
struct Random(u64);

impl Random {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.word() % limit as u64) as usize
    }

    fn bytes(&mut self, size: usize) -> Vec<u8> {
        (0..size).map(|_| self.word() as u8).collect()
    }
}

impl rsa::rand_core::TryRng for Random {
    type Error = core::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(self.word() as u32)
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(self.word())
    }
    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        out.fill_with(|| self.word() as u8);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for Random {}

/// Private keys made for these tests, with their bits and exponents.
const KEYS: [(usize, u64, &[u8]); 14] = [
    (2048, 3, include_bytes!("keys/rsa2048_e3.der")),
    (2048, 65537, include_bytes!("keys/rsa2048_e65537.der")),
    (2048, 4294967297, include_bytes!("keys/rsa2048_e4294967297.der")),
    (2049, 65537, include_bytes!("keys/rsa2049_e65537.der")),
    (2050, 17, include_bytes!("keys/rsa2050_e17.der")),
    (2056, 65537, include_bytes!("keys/rsa2056_e65537.der")),
    (2057, 4294967297, include_bytes!("keys/rsa2057_e4294967297.der")),
    (2854, 65537, include_bytes!("keys/rsa2854_e65537.der")),
    (2855, 65537, include_bytes!("keys/rsa2855_e65537.der")),
    (3071, 65537, include_bytes!("keys/rsa3071_e65537.der")),
    (3072, 3, include_bytes!("keys/rsa3072_e3.der")),
    (4095, 257, include_bytes!("keys/rsa4095_e257.der")),
    (4096, 65537, include_bytes!("keys/rsa4096_e65537.der")),
    (4097, 65537, include_bytes!("keys/rsa4097_e65537.der")),
];

/// One key in both implementations.
struct Pair {
    name: String,
    private: RsaPrivateKey,
    public: RsaPublicKey,
    ours: RsaKey,
}

impl Pair {
    fn modulus(&self) -> Vec<u8> {
        self.public.n_bytes().into()
    }
}

fn pair(index: usize) -> Pair {
    let (bits, e, der) = KEYS[index];
    let name = format!("{bits} bits, e = {e}");
    let private = RsaPrivateKey::from_pkcs8_der(der).expect(&name);
    let public = private.to_public_key();
    let ours = RsaKey::new(&public.n_bytes(), &public.e_bytes()).expect(&name);
    assert_eq!((ours.bits, ours.exponent), (bits, e));
    Pair { name, private, public, ours }
}

fn pairs() -> impl Iterator<Item = Pair> {
    (0..KEYS.len()).map(pair)
}
