//! The life cycle of a key set, as a state machine that is fed with events and time (milliseconds since the epoch) and
//! says what the host has to do. It does no I/O.
//!
//! A set is *fresh* for the TTL; then it serves on while one refresh runs in the background. If the issuer cannot be
//! reached it serves for a bounded time more, and refreshes are tried again with growing pauses. An unknown `kid` causes
//! a refresh at most once per cooldown, and a `kid` that a refresh has shown to be unknown is remembered.

use alloc::sync::Arc;

use crate::keys::KeySet;
use crate::options::KeyRefresh;
use crate::prelude::*;

/// How many unknown `kid`s are remembered, and how many may wait for one fetch.
const MEMORY: usize = 64;
/// A longer `kid` is not remembered; Logto's have 43 characters.
const MAX_KID: usize = 256;

/// What the host has to do before it asks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fetch {
    /// Whether the answer is needed before the token can be judged.
    pub(crate) wait: bool,
    /// The fetch to perform and report; `None` when one is under way already.
    pub(crate) id: Option<u64>,
}

/// The answer of the state machine.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    Ready(Arc<KeySet>),
    Fetch(Fetch),
    /// Nothing usable, and it is too early for another attempt.
    Unavailable {
        retry_after_ms: u64,
    },
}

/// The answer about a `kid` that the set in hand does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownKid {
    Fetch(Fetch),
    /// The newest set the issuer was willing to give does not have it.
    NotFound,
    /// The issuer could not be asked.
    Unavailable {
        retry_after_ms: u64,
    },
}

/// Durations in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Durations {
    ttl: u64,
    cooldown: u64,
    stale_for: u64,
    min_backoff: u64,
    max_backoff: u64,
    lease: u64,
}

struct InFlight {
    id: u64,
    started: u64,
    /// The unknown `kid`s that wait for it.
    kids: Vec<String>,
}

/// A `kid` that a refresh did not bring.
struct Absent {
    kid: String,
    /// Before this a further refresh for its sake is out of the question.
    retry_at: u64,
    strikes: u32,
}

pub(crate) struct KeyCache {
    durations: Durations,
    set: Option<Arc<KeySet>>,
    fetched_at: u64,
    /// Counts the sets that differed from the one before.
    generation: u64,
    /// The fetch that brought the set.
    newest: u64,
    last_id: u64,
    /// The newest fetch that failed.
    last_failed: u64,
    in_flight: Option<InFlight>,
    failures: u32,
    retry_at: u64,
    unknown_at: u64,
    absent: Vec<Absent>,
}

impl KeyCache {
    pub(crate) fn new(refresh: &KeyRefresh) -> Self {
        let ms = |seconds: f64| (seconds * 1000.0) as u64;
        Self {
            durations: Durations {
                ttl: ms(refresh.ttl),
                cooldown: ms(refresh.cooldown),
                stale_for: ms(refresh.stale_for),
                min_backoff: ms(refresh.min_backoff),
                max_backoff: ms(refresh.max_backoff),
                lease: ms(refresh.lease),
            },
            set: None,
            fetched_at: 0,
            generation: 0,
            newest: 0,
            last_id: 0,
            last_failed: 0,
            in_flight: None,
            failures: 0,
            retry_at: 0,
            unknown_at: 0,
            absent: Vec::new(),
        }
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// The set in hand, whatever its age.
    pub(crate) fn current(&self) -> Option<&Arc<KeySet>> {
        self.set.as_ref()
    }

    /// A key set to work with now. If the caller has to wait for one, its `kid` is looked for in what comes: a set that
    /// was loaded for a token need not be loaded again to learn that the token's key is not in it.
    pub(crate) fn acquire(&mut self, kid: Option<&str>, now: u64) -> Keys {
        self.tick(now);
        match self.usable(now) {
            Some(set) if self.is_settled(now) => Keys::Ready(set),
            Some(_) => Keys::Fetch(Fetch { wait: false, id: Some(self.start(now)) }),
            None if self.in_flight.is_none() && now < self.retry_at => {
                Keys::Unavailable { retry_after_ms: self.retry_at - now }
            }
            None => {
                let id = if self.in_flight.is_none() { Some(self.start(now)) } else { None };
                kid.map(|kid| self.await_kid(kid));
                Keys::Fetch(Fetch { wait: true, id })
            }
        }
    }

    /// The set in hand, unless it is too old for anything.
    fn usable(&self, now: u64) -> Option<Arc<KeySet>> {
        let limit = self.durations.ttl.saturating_add(self.durations.stale_for);
        self.set.as_ref().filter(|_| now.saturating_sub(self.fetched_at) < limit).cloned()
    }

    /// Whether no refresh is due: the set is fresh, or one is under way, or the last one failed a moment ago.
    fn is_settled(&self, now: u64) -> bool {
        let fresh = now.saturating_sub(self.fetched_at) < self.durations.ttl;
        fresh || self.in_flight.is_some() || now < self.retry_at
    }

    /// The generation of a set that [`KeyCache::acquire`] would give out now without asking for anything.
    pub(crate) fn settled_generation(&mut self, now: u64) -> Option<u64> {
        self.tick(now);
        (self.usable(now).is_some() && self.is_settled(now)).then_some(self.generation)
    }

    /// The set in hand has no key for this `kid` (`""` for a token without one).
    pub(crate) fn unknown_kid(&mut self, kid: &str, now: u64) -> UnknownKid {
        self.tick(now);
        if self.absent.iter().any(|absent| absent.kid == kid && now < absent.retry_at) {
            return self.not_found(now);
        }
        if self.in_flight.is_some() {
            // The fetch under way may bring it; more kids than it can remember do not wait for it.
            return match self.await_kid(kid) {
                true => UnknownKid::Fetch(Fetch { wait: true, id: None }),
                false => self.not_found(now),
            };
        }
        if now < self.unknown_at || now < self.retry_at || kid.len() > MAX_KID {
            return self.not_found(now);
        }
        self.unknown_at = now.saturating_add(self.durations.cooldown);
        let id = self.start(now);
        self.await_kid(kid);
        UnknownKid::Fetch(Fetch { wait: true, id: Some(id) })
    }

    /// Notes that somebody waits for this `kid`; whether there was room for it.
    fn await_kid(&mut self, kid: &str) -> bool {
        let Some(in_flight) = &mut self.in_flight else { return false };
        if in_flight.kids.iter().any(|waiting| waiting == kid) {
            return true;
        }
        let room = in_flight.kids.len() < MEMORY && kid.len() <= MAX_KID;
        if room {
            in_flight.kids.push(kid.to_owned());
        }
        room
    }

    /// A `kid` that cannot be looked for: the issuer has answered and does not know it, or it has not answered.
    fn not_found(&self, now: u64) -> UnknownKid {
        if self.failures > 0 {
            let next = self.retry_at.max(self.unknown_at);
            return UnknownKid::Unavailable { retry_after_ms: next.saturating_sub(now) };
        }
        UnknownKid::NotFound
    }

    /// A fetch was answered with a usable set. Returns whether it was taken: an older answer never replaces a newer.
    pub(crate) fn fetched(&mut self, id: u64, set: KeySet, now: u64) -> bool {
        let waiting = self.finish(id);
        if id <= self.newest || id > self.last_id {
            return false;
        }
        self.newest = id;
        self.failures = 0;
        self.retry_at = 0;
        self.put(set, now);
        for kid in waiting.unwrap_or_default() {
            self.remember(kid, now);
        }
        true
    }

    /// A fetch failed, or brought nothing usable. One whose lease has run out counts, too, once and unless a newer one
    /// has ended since: otherwise an issuer that is slower than the lease would be asked without any pause.
    pub(crate) fn failed(&mut self, id: u64, now: u64) {
        self.finish(id);
        if id <= self.newest.max(self.last_failed) || id > self.last_id {
            return;
        }
        self.last_failed = id;
        self.failures = self.failures.saturating_add(1);
        let doubled = self.durations.min_backoff.saturating_mul(1 << (self.failures - 1).min(30));
        self.retry_at = now.saturating_add(doubled.min(self.durations.max_backoff));
    }

    /// Puts back a set that was fetched earlier, by this process or another one. Its age counts from then, and it never
    /// replaces a newer one.
    pub(crate) fn restore(&mut self, set: KeySet, fetched_at: u64, now: u64) {
        self.tick(now);
        let fetched_at = fetched_at.min(now);
        if self.set.is_none() || self.fetched_at < fetched_at {
            self.put(set, fetched_at);
        }
    }

    /// Whether a set that was fetched at this time would be fresh: neither stale nor from the future.
    pub(crate) fn would_be_fresh(&self, fetched_at: u64, now: u64) -> bool {
        now.checked_sub(fetched_at).is_some_and(|age| age < self.durations.ttl)
    }

    fn put(&mut self, set: KeySet, fetched_at: u64) {
        if !self.set.as_ref().is_some_and(|old| old.same_keys(&set)) {
            self.generation = self.generation.saturating_add(1);
        }
        self.absent.retain(|absent| !set.has_kid(&absent.kid));
        self.set = Some(Arc::new(set));
        self.fetched_at = fetched_at;
    }

    /// Each time a refresh confirms that a `kid` is unknown, the next one for its sake is twice as far away.
    fn remember(&mut self, kid: String, now: u64) {
        if self.set.as_ref().is_some_and(|set| set.has_kid(&kid)) {
            return;
        }
        let known = self.absent.iter().find(|absent| absent.kid == kid);
        let strikes = known.map_or(0, |absent| absent.strikes.saturating_add(1));
        let pause = self.durations.cooldown.saturating_mul(1 << strikes.min(30)).min(self.durations.ttl);
        // It becomes the newest, and the oldest makes room where there is none.
        self.absent.retain(|absent| absent.kid != kid);
        let mut surplus = (self.absent.len() + 1).saturating_sub(MEMORY);
        self.absent.retain(|_| {
            let stays = surplus == 0;
            surplus = surplus.saturating_sub(1);
            stays
        });
        self.absent.push(Absent { kid, retry_at: now.saturating_add(pause.max(self.durations.cooldown)), strikes });
    }

    fn start(&mut self, now: u64) -> u64 {
        self.last_id = self.last_id.saturating_add(1);
        self.in_flight = Some(InFlight { id: self.last_id, started: now, kids: Vec::new() });
        self.last_id
    }

    /// Ends the fetch under way if it is this one, and returns who waited for it.
    fn finish(&mut self, id: u64) -> Option<Vec<String>> {
        self.in_flight.take_if(|in_flight| in_flight.id == id).map(|in_flight| in_flight.kids)
    }

    /// Lets time pass. A clock that was set back must not make anything last longer than its duration from now.
    fn tick(&mut self, now: u64) {
        self.fetched_at = self.fetched_at.min(now);
        self.retry_at = self.retry_at.min(now.saturating_add(self.durations.max_backoff));
        self.unknown_at = self.unknown_at.min(now.saturating_add(self.durations.cooldown));
        let longest = now.saturating_add(self.durations.ttl.max(self.durations.cooldown));
        for absent in &mut self.absent {
            absent.retry_at = absent.retry_at.min(longest);
        }
        let lease = self.durations.lease;
        self.in_flight.take_if(|fetch| {
            fetch.started = fetch.started.min(now);
            now - fetch.started >= lease
        });
    }
}

#[cfg(test)]
mod tests;
