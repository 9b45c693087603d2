//! One JSON Web Key (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2): import, checks, thumbprint, and the bare signature step.

use alloc::borrow::Cow;
use core::fmt;

use once_cell::race::OnceBox;

use crate::algorithm::{Algorithm, AllowList, Curve, Family};
use crate::base64url;
use crate::crypto::{self, Engine, KeyMaterial, Verdict, VerifyingKey};
use crate::error::{Error, ErrorCode};
use crate::json::{self, Members};
use crate::prelude::*;
use crate::text::{concat, decimal};

/// RSA moduli that are taken, in bits.
const RSA_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// Why a key of a set cannot be used. The others of the set are not affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusable(&'static str);

impl Unusable {
    /// The reason, in words.
    pub fn reason(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A public key, checked and ready to verify many signatures.
pub struct PublicKey {
    kid: Option<String>,
    algorithm: Option<&'static Algorithm>,
    material: KeyMaterial,
    /// Made when somebody asks.
    thumbprint: OnceBox<String>,
    key: Box<dyn VerifyingKey>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey").field("kid", &self.kid).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// A JWK as it was read, before any mathematics: two equal ones need one import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jwk {
    pub(crate) kid: Option<String>,
    algorithm: Option<&'static Algorithm>,
    material: KeyMaterial,
}

/// The members that are strings, where they are there; `key_ops` is a list.
const TEXTS: [&str; 9] = ["kty", "crv", "alg", "use", "kid", "n", "e", "x", "y"];

impl Jwk {
    /// Reads a JWK. On failure the `kid` is returned too, where it could be read.
    pub(crate) fn parse(text: &str) -> Result<Self, (Option<String>, Unusable)> {
        let members = json::object(text).ok_or((None, Unusable("not a JSON object, or one with duplicate members")))?;
        let kid = members.text("kid").map(Cow::into_owned);
        match check(&members) {
            Ok((algorithm, material)) => Ok(Self { kid, algorithm, material }),
            Err(unusable) => Err((kid, unusable)),
        }
    }

    /// Checks the key itself (on the curve, sizes) and prepares it.
    pub(crate) fn import(self, engine: &dyn Engine) -> Result<PublicKey, Unusable> {
        let key = engine.import(&self.material).ok_or(Unusable("not a valid key of its type"))?;
        let thumbprint = OnceBox::new();
        Ok(PublicKey { kid: self.kid, algorithm: self.algorithm, material: self.material, thumbprint, key })
    }
}

fn check(members: &Members<'_>) -> Result<(Option<&'static Algorithm>, KeyMaterial), Unusable> {
    let operations = members.get("key_ops").map(json::texts);
    if operations == Some(None) || TEXTS.iter().any(|name| members.get(name).is_some() && members.text(name).is_none())
    {
        return Err(Unusable("a member has the wrong type"));
    }
    if members.text("use").is_some_and(|used| used != "sig") {
        return Err(Unusable("use is not sig"));
    }
    if operations.flatten().is_some_and(|operations| !operations.iter().any(|operation| operation == "verify")) {
        return Err(Unusable("key_ops does not include verify"));
    }
    let material = material(members)?;
    let algorithm = match members.text("alg") {
        None => None,
        Some(name) => {
            let algorithm = Algorithm::from_name(&name).ok_or(Unusable("alg is unknown"))?;
            if !material.fits(algorithm) {
                return Err(Unusable("alg does not fit kty or crv"));
            }
            Some(algorithm)
        }
    };
    Ok((algorithm, material))
}

fn material(members: &Members<'_>) -> Result<KeyMaterial, Unusable> {
    let bytes = |name, missing| {
        base64url::decode(&members.text(name).ok_or(Unusable(missing))?).ok_or(Unusable("not base64url"))
    };
    let curve = members.text("crv").unwrap_or_default();
    match members.text("kty").as_deref() {
        Some("EC") => {
            let curve = Curve::from_name(&curve).ok_or(Unusable("crv is unknown"))?;
            let (x, y) = (bytes("x", "x is missing")?, bytes("y", "y is missing")?);
            // RFC 7518 §6.2.1.2: full size, leading zeros included.
            if x.len() != curve.field_len() || y.len() != curve.field_len() {
                return Err(Unusable("a coordinate has the wrong length"));
            }
            Ok(KeyMaterial::Ec { curve, x, y })
        }
        Some("RSA") => {
            let (n, e) = (unsigned(&bytes("n", "n is missing")?), unsigned(&bytes("e", "e is missing")?));
            if !RSA_BITS.contains(&crypto::bit_length(&n)) || n.last().is_none_or(|low| low & 1 == 0) {
                return Err(Unusable("the RSA modulus is not an odd number of 2048 to 8192 bits"));
            }
            let exponent = e.iter().fold(0u64, |value, &byte| value.saturating_mul(256).saturating_add(byte.into()));
            if !(3..1 << 33).contains(&exponent) || exponent & 1 == 0 {
                return Err(Unusable("the RSA exponent is not an odd number from 3 to 2^33"));
            }
            Ok(KeyMaterial::Rsa { n, e })
        }
        Some("OKP") => {
            if curve != "Ed25519" {
                return Err(Unusable("crv is unknown"));
            }
            let x = bytes("x", "x is missing")?.try_into().map_err(|_| Unusable("x has the wrong length"))?;
            Ok(KeyMaterial::Ed25519 { x })
        }
        Some(_) => Err(Unusable("kty is not EC, RSA or OKP")),
        None => Err(Unusable("kty is missing")),
    }
}

/// Without leading zero octets: some issuers write a sign octet before the modulus.
fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    bytes.get(zeros..).unwrap_or_default().to_vec()
}

impl PublicKey {
    /// Imports a JWK given as JSON text, with the default signature engine.
    ///
    /// # Errors
    /// `key_mismatch`, with the reason as [`Error::actual_value`], for anything but a well-formed public signature key.
    pub fn from_jwk(json: &str) -> Result<Self, Error> {
        Self::from_jwk_with(json, crypto::default_engine())
    }

    /// [`PublicKey::from_jwk`] with a given signature engine.
    ///
    /// # Errors
    /// As [`PublicKey::from_jwk`].
    pub fn from_jwk_with(json: &str, engine: &dyn Engine) -> Result<Self, Error> {
        Jwk::parse(json)
            .map_err(|(_, unusable)| unusable)
            .and_then(|jwk| jwk.import(engine))
            .map_err(|unusable| Error::new(ErrorCode::KeyMismatch).actual(unusable.reason()))
    }

    /// The key's id.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether the key can check signatures of this algorithm.
    pub fn fits(&self, algorithm: &Algorithm) -> bool {
        self.material.fits(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    pub(crate) fn fits_any(&self, allowed: &AllowList) -> bool {
        allowed.iter().any(|algorithm| self.fits(algorithm))
    }

    pub(crate) fn is(&self, jwk: &Jwk) -> bool {
        self.kid == jwk.kid && self.algorithm == jwk.algorithm && self.material == jwk.material
    }

    /// The bare signature step.
    ///
    /// # Errors
    /// `key_mismatch` when the key is not for this algorithm, `signature_invalid` when the signature does not verify,
    /// `internal` when the key was imported with the engine [`Host`](crate::crypto::Host), which cannot say.
    pub fn verify(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Result<(), Error> {
        if !self.fits(algorithm) {
            return Err(Error::new(ErrorCode::KeyMismatch).with_claim("alg").actual(algorithm.name));
        }
        match self.check(algorithm, message, signature) {
            Verdict::Valid => Ok(()),
            Verdict::Invalid => Err(ErrorCode::SignatureInvalid.into()),
            Verdict::AskHost => Err(ErrorCode::Internal.into()),
        }
    }

    /// The signature step for an algorithm that fits.
    pub(crate) fn check(&self, algorithm: &'static Algorithm, message: &[u8], signature: &[u8]) -> Verdict {
        self.key.verify(algorithm, message, signature)
    }

    /// The RFC 7638 thumbprint: base64url SHA-256. Logto uses it as `kid`.
    pub fn thumbprint(&self) -> &str {
        let hash = || scopegate_kernels::sha256(self.material.canonical_json().as_bytes());
        self.thumbprint.get_or_init(|| Box::new(base64url::encode(&hash())))
    }

    /// The key itself as a JWK: its required members and nothing else.
    pub fn to_jwk(&self) -> String {
        self.material.canonical_json()
    }

    /// Bytes of memory that the engine took for this key, beyond the key itself.
    pub fn table_bytes(&self) -> usize {
        self.key.table_bytes()
    }

    /// What the key is, such as `EC P-384`.
    pub fn description(&self) -> String {
        match &self.material {
            KeyMaterial::Ec { curve, .. } => concat(&["EC ", curve.name()]),
            KeyMaterial::Rsa { n, .. } => concat(&["RSA ", &decimal(crypto::bit_length(n) as u64), " bits"]),
            KeyMaterial::Ed25519 { .. } => "OKP Ed25519".to_owned(),
        }
    }
}

impl KeyMaterial {
    fn fits(&self, algorithm: &Algorithm) -> bool {
        match (self, algorithm.family) {
            (KeyMaterial::Ec { curve, .. }, Family::Ecdsa(wanted)) => *curve == wanted,
            (KeyMaterial::Rsa { .. }, Family::RsaPkcs1 | Family::RsaPss) => true,
            (KeyMaterial::Ed25519 { .. }, Family::Ed25519) => true,
            _ => false,
        }
    }

    /// The required members only, in lexicographic order, without whitespace (RFC 7638 §3).
    fn canonical_json(&self) -> String {
        match self {
            KeyMaterial::Ec { curve, x, y } => concat(&[
                r#"{"crv":""#,
                curve.name(),
                r#"","kty":"EC","x":""#,
                &base64url::encode(x),
                r#"","y":""#,
                &base64url::encode(y),
                r#""}"#,
            ]),
            KeyMaterial::Rsa { n, e } => {
                concat(&[r#"{"e":""#, &base64url::encode(e), r#"","kty":"RSA","n":""#, &base64url::encode(n), r#""}"#])
            }
            KeyMaterial::Ed25519 { x } => {
                concat(&[r#"{"crv":"Ed25519","kty":"OKP","x":""#, &base64url::encode(x), r#""}"#])
            }
        }
    }
}
