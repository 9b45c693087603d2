//! Verified tokens, remembered: a client sends the same token with each of its requests, and the signature of a token
//! that was accepted does not have to be checked again. Everything that can change is: the time, the requirement, the
//! organization, the key set. Nothing about refusals is remembered.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::Error;
use crate::lock::Lock;
use crate::prelude::*;
use crate::requirement::Requirement;
use crate::token::AccessToken;
use crate::verifier::{Outcome, Verifier};

/// A [`Verifier`] that remembers the tokens it accepted, by their exact text.
#[derive(Debug)]
pub struct CachingVerifier {
    verifier: Verifier,
    max_entries: usize,
    tokens: Lock<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    entries: HashMap<Box<str>, Entry>,
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    token: Arc<AccessToken>,
    last_use: u64,
}

impl CachingVerifier {
    /// Remembers at most `max_entries` tokens, the least recently used of which makes room. 1,000 is a good number.
    pub fn new(verifier: Verifier, max_entries: usize) -> Self {
        Self { verifier, max_entries, tokens: Lock::new(Remembered::default()) }
    }

    /// The verifier itself: its keys are reported to it, and it can explain.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// As [`Verifier::verify`]: whatever happened before, a token is accepted only if that would accept it now.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify(&self, token: &str, requirement: &Requirement, now_ms: u64) -> Result<Outcome, Error> {
        match self.recall(token, requirement, now_ms) {
            Some(known) => Ok(Outcome::Accepted(known)),
            None => self.verify_anew(token, requirement, now_ms),
        }
    }

    /// As [`Verifier::verify`], for a token that [`CachingVerifier::recall`] has just not given. It is remembered if it is
    /// accepted.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_anew(&self, token: &str, requirement: &Requirement, now_ms: u64) -> Result<Outcome, Error> {
        let outcome = self.verifier.verify(token, requirement, now_ms)?;
        if let Outcome::Accepted(accepted) = &outcome {
            self.remember(token, accepted);
        }
        Ok(outcome)
    }

    /// The token, if it is remembered and would be accepted again now. It takes a microsecond, where
    /// [`CachingVerifier::verify_anew`] may take long enough for the caller to let go of what others wait for.
    pub fn recall(&self, token: &str, requirement: &Requirement, now_ms: u64) -> Option<Arc<AccessToken>> {
        self.find(token).filter(|known| self.verifier.still_accepts(known, requirement, now_ms))
    }

    fn find(&self, token: &str) -> Option<Arc<AccessToken>> {
        let mut tokens = self.tokens.lock();
        tokens.uses += 1;
        let uses = tokens.uses;
        let entry = tokens.entries.get_mut(token)?;
        entry.last_use = uses;
        Some(Arc::clone(&entry.token))
    }

    fn remember(&self, text: &str, token: &Arc<AccessToken>) {
        if self.max_entries == 0 {
            return;
        }
        let mut tokens = self.tokens.lock();
        let entry = Entry { token: Arc::clone(token), last_use: tokens.uses };
        if tokens.entries.insert(text.into(), entry).is_none() && tokens.entries.len() > self.max_entries {
            // Rare beside the verification that has just happened, so a search is cheap enough.
            let oldest = tokens.entries.iter().min_by_key(|(_, entry)| entry.last_use).map(|(text, _)| text.clone());
            oldest.map(|text| tokens.entries.remove(&text));
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.tokens.lock().entries.len()
    }
}

#[cfg(test)]
mod tests;
