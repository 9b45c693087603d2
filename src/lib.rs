//! scopegate verifies access tokens issued by [Logto](https://logto.io) and decides, by scope, role and
//! organization, what their bearer may do.
//!
//! The crate is *sans-I/O*: no sockets, no clock, no globals, no randomness, and no panics. Time is always an
//! argument (milliseconds since the Unix epoch), and key sets are fetched by the host when [`Verifier::verify`]
//! asks for them. A token goes through [`Verifier::verify`] in this order, and the order of the code is the order
//! of the checks:
//!
//! limits → compact serialization → protected header → key → signature → claims → organization → scopes
//!
//! ```
//! use scopegate::{Options, Outcome, Requirement, Verifier};
//!
//! # fn main() -> Result<(), scopegate::Error> {
//! let verifier = Verifier::new(&Options {
//!     endpoint: Some("https://tenant.logto.app".into()),
//!     audience: Some("https://api.yourapp.com".into()),
//!     ..Options::default()
//! })?;
//! let now_ms = 1_760_000_000_000;
//! let requirement = Requirement::scopes(["read:posts"])?;
//! match verifier.verify("not.a.token", &requirement, now_ms) {
//!     Ok(Outcome::Accepted(token)) => println!("{} may read", token.subject()),
//!     Ok(Outcome::NeedKeys { wait, fetch }) => {
//!         // Fetch verifier.jwks_uri(), then call keys_fetched(fetch, body, now) and verify again.
//!         # let _ = (wait, fetch);
//!     }
//!     Ok(_) => {}
//!     Err(refused) => println!("{} {:?}: {}", refused.code(), refused.status(), refused.hint()),
//! }
//! # Ok(())
//! # }
//! ```

#![cfg_attr(all(feature = "module", target_arch = "wasm32"), no_std)]

#[macro_use]
extern crate alloc;

pub mod algorithm;
#[cfg(all(target_arch = "wasm32", any(feature = "wasm", feature = "claims")))]
mod allocator;
mod base64url;
pub mod bearer;
#[cfg(not(all(feature = "module", target_arch = "wasm32")))]
mod cache;
pub mod challenge;
mod claims;
pub mod crypto;
mod distinct;
pub mod error;
mod json;
pub mod jwk;
mod jws;
mod key_store;
pub mod keys;
mod lock;
pub mod options;
mod organization;
mod pipeline;
mod policy;
mod prelude;
mod refresh;
pub mod report;
mod requirement;
pub mod scope;
pub mod signature;
mod text;
pub mod time;
mod token;
pub mod unverified;
mod verifier;
#[cfg(feature = "wasm")]
pub mod wasm;
#[cfg(feature = "claims")]
pub mod wasm_claims;

pub use algorithm::Algorithm;
#[cfg(not(all(feature = "module", target_arch = "wasm32")))]
pub use cache::CachingVerifier;
pub use error::{Error, ErrorCode};
pub use jwk::PublicKey;
pub use jws::{VerifiedJws, verify_signature};
pub use key_store::KeysChanged;
pub use keys::KeySet;
pub use options::{Options, PermissionModel};
pub use report::Report;
pub use requirement::Requirement;
pub use scope::ScopeRequirement;
pub use token::AccessToken;
pub use verifier::{Outcome, Verifier};
