//! The fast kernels against the reference engine, RustCrypto: both say the same of every key and every signature, and the
//! engine `Host` refuses nothing that the reference takes.
//!
//! A fuzzer forges no signature, so most inputs describe how to make one (`ec`, `rsa`, `ed`), and what to do to it then
//! (`mutate`). The first byte says whether it is made, and of which kind; or whether the key is one of `keys.json` with a
//! signature from the input; or whether key and signature are both bytes of the input.

#![no_main]

mod ec;
mod ed;
mod input;
mod mutate;
mod rsa;

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use input::Input;
use libfuzzer_sys::fuzz_target;
use mutate::{Parts, mutate};
use scopegate::algorithm::{ALGORITHMS, Curve};
use scopegate::crypto::{Host, Kernels, Reference};
use scopegate::{Algorithm, ErrorCode, PublicKey};

const CURVES: [Curve; 3] = [Curve::P256, Curve::P384, Curve::P521];

#[derive(Clone, Debug)]
pub enum Key {
    Ec { curve: Curve, xy: Vec<u8> },
    Rsa { n: Vec<u8>, e: Vec<u8> },
    Ed { x: Vec<u8> },
    Fixed(usize),
}

#[derive(Debug)]
pub struct Case {
    key: Key,
    algorithm: &'static str,
    message: Vec<u8>,
    signature: Vec<u8>,
}

/// One key in every engine; `None` where it was refused.
struct Imported {
    kernels: Option<PublicKey>,
    reference: Option<PublicKey>,
    host: Option<PublicKey>,
}

/// The keys of `keys.json`, one a line, and what they are.
static FIXED: LazyLock<Vec<(Key, Imported)>> = LazyLock::new(|| {
    let keys: Vec<_> = include_str!("../../keys.json")
        .lines()
        .map(|line| line.trim_end_matches(','))
        .filter(|line| line.starts_with('{'))
        .map(|jwk| {
            let imported = Imported::new(jwk);
            assert!(imported.kernels.is_some(), "{jwk}");
            (Key::from_jwk(jwk), imported)
        })
        .collect();
    assert!(!keys.is_empty());
    keys
});

impl Key {
    fn jwk(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Key::Ec { curve, xy } => {
                let (x, y) = xy.split_at(curve.field_len());
                format!(r#"{{"kty":"EC","crv":"{}","x":"{}","y":"{}"}}"#, curve.name(), text(x), text(y))
            }
            Key::Rsa { n, e } => format!(r#"{{"kty":"RSA","n":"{}","e":"{}"}}"#, text(n), text(e)),
            Key::Ed { x } => format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, text(x)),
            Key::Fixed(at) => FIXED[*at].0.jwk(),
        }
    }

    /// Reads what [`Key::jwk`] writes.
    fn from_jwk(jwk: &str) -> Self {
        let text = |name: &str| -> Option<&str> {
            let (_, value) = jwk.split_once(&format!(r#""{name}":""#))?;
            value.split('"').next()
        };
        let bytes = |name| URL_SAFE_NO_PAD.decode(text(name).expect(name)).expect("base64url");
        match text("crv") {
            None => Key::Rsa { n: bytes("n"), e: bytes("e") },
            Some("Ed25519") => Key::Ed { x: bytes("x") },
            Some(name) => {
                let curve = CURVES.into_iter().find(|curve| curve.name() == name).expect("a curve");
                Key::Ec { curve, xy: [bytes("x"), bytes("y")].concat() }
            }
        }
    }

    /// The numbers themselves, for keys of the file, too.
    fn plain(&self) -> &Key {
        match self {
            Key::Fixed(at) => &FIXED[*at].0,
            key => key,
        }
    }

    fn parts(&self) -> Parts {
        match self.plain() {
            Key::Ec { curve, .. } => ec::parts(*curve),
            Key::Rsa { n, .. } => rsa::parts(n),
            _ => ed::parts(),
        }
    }

    /// Flips a bit of the key.
    fn damage(&mut self, input: &mut Input) {
        *self = self.plain().clone();
        let bytes = match self {
            Key::Ec { xy: bytes, .. } | Key::Rsa { n: bytes, .. } | Key::Ed { x: bytes } => bytes,
            Key::Fixed(_) => return,
        };
        let (at, length) = (input.short(), bytes.len());
        bytes[at / 8 % length] ^= 1 << (at % 8);
    }
}

impl Imported {
    fn new(jwk: &str) -> Self {
        let imported = Self {
            kernels: PublicKey::from_jwk_with(jwk, &Kernels).ok(),
            reference: PublicKey::from_jwk_with(jwk, &Reference).ok(),
            host: PublicKey::from_jwk_with(jwk, &Host).ok(),
        };
        assert_eq!(imported.kernels.is_some(), imported.reference.is_some(), "one engine refuses the key {jwk}");
        // Whether Ed25519's bytes are a point at all is left to the host.
        let more = imported.host.is_some() && imported.reference.is_none();
        assert!(imported.host.is_some() || imported.reference.is_none(), "the host refuses the key {jwk}");
        assert!(!more || jwk.contains("OKP"), "only the host takes the key {jwk}");
        imported
    }

    /// Asks every engine for its verdict on the signature, and returns the reference's.
    fn verdict(&self, case: &Case, algorithm: &'static Algorithm) -> bool {
        let ask = |key: &Option<PublicKey>| match key {
            None => ErrorCode::SignatureInvalid.as_str(),
            Some(key) => key
                .verify(algorithm, &case.message, &case.signature)
                .map_or_else(|error| error.code().as_str(), |()| "valid"),
        };
        let [kernels, reference, host] = [&self.kernels, &self.reference, &self.host].map(ask);
        let lax = match case.key.plain() {
            Key::Rsa { n, e } if reference == "valid" && kernels != reference => {
                rsa::reference_is_lax(algorithm, n, e, &case.signature)
            }
            _ => false,
        };
        if lax {
            assert_eq!(kernels, ErrorCode::SignatureInvalid.as_str(), "{case:?}");
        } else {
            assert_eq!(kernels, reference, "the engines disagree on {case:?}, {}", case.key.jwk());
            // A key that only the host takes has no verdict to compare with.
            let comparable = self.reference.is_some();
            assert!(
                !comparable || host == ErrorCode::Internal.as_str() || host == kernels && reference != "valid",
                "host {host}, reference {reference}: {case:?}, {}",
                case.key.jwk()
            );
        }
        reference == "valid"
    }
}

/// A key of the file; its signature's length; the signature; eight bytes that change it; and the message.
fn with_fixed_key(input: &mut Input) -> Case {
    let at = usize::from(input.byte()) % FIXED.len();
    let algorithm = input.pick(&ALGORITHMS).name;
    let length = input.short();
    let signature = input.bytes(length).to_vec();
    let mut changes = Input(input.bytes(8));
    let mut case = Case { key: Key::Fixed(at), algorithm, message: std::mem::take(&mut input.0).to_vec(), signature };
    mutate(&mut case, &Key::Fixed(at).parts(), &mut changes);
    case
}

/// A key and a signature from the input.
fn with_given_key(input: &mut Input) -> Case {
    let how = input.byte();
    let algorithm = input.pick(&ALGORITHMS).name;
    let key = match how % 5 {
        kind @ 0..3 => {
            let curve = CURVES[usize::from(kind)];
            let length = curve.field_len();
            let x = input.padded(length);
            let xy = match how & 0x80 {
                0 => ec::decompress(curve, &x, how & 0x40 == 0).unwrap_or_else(|| vec![0; 2 * length]),
                _ => [x, input.padded(length)].concat(),
            };
            Key::Ec { curve, xy }
        }
        3 => {
            let length = 250 + input.short() % 780;
            let mut n = input.bytes(length).to_vec();
            n = n.iter().copied().cycle().take(if n.is_empty() { 0 } else { length }).collect();
            if let (true, Some(last)) = (how & 0x80 != 0, n.last_mut()) {
                *last |= 1;
            }
            let length = usize::from(input.byte() % 7);
            Key::Rsa { n, e: input.bytes(length).to_vec() }
        }
        _ => Key::Ed { x: input.padded(if how & 0x80 == 0 { 32 } else { 31 }) },
    };
    let length = match &key {
        Key::Ec { curve, .. } => 2 * curve.field_len(),
        Key::Rsa { n, .. } => n.len(),
        _ => 64,
    };
    Case { key, algorithm, signature: input.padded(length), message: std::mem::take(&mut input.0).to_vec() }
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let made = match input.byte() % 8 {
        0 => Some((with_fixed_key(&mut input), None)),
        1 => Some((with_given_key(&mut input), None)),
        kind @ (2 | 3 | 4) => {
            ec::make(CURVES[usize::from(kind - 2)], &mut input).map(|(case, holds)| (case, Some(holds)))
        }
        5 | 6 => rsa::make(&mut input).map(|(case, holds)| (case, Some(holds))),
        _ => ed::make(&mut input).map(|(case, holds)| (case, Some(holds))),
    };
    let Some((mut case, mut holds)) = made else { return };
    let parts = case.key.parts();
    if holds.is_some() && mutate(&mut case, &parts, &mut input) {
        holds = None;
    }
    let algorithm = Algorithm::from_name(case.algorithm).expect("an algorithm");
    let verdict = match case.key {
        Key::Fixed(at) => FIXED[at].1.verdict(&case, algorithm),
        ref key => Imported::new(&key.jwk()).verdict(&case, algorithm),
    };
    // The reference itself is right about what was made here.
    assert!(holds.is_none_or(|holds| holds == verdict), "the reference says {verdict} to {case:?}, {}", case.key.jwk());
});
