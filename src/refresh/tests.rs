//! The life cycle under a simulated clock. A model keeps its own account of what the issuer was asked and answered, and
//! checks after every event that the state machine keeps its promises, whatever came before.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const TTL: u64 = 600_000;
const COOLDOWN: u64 = 30_000;
const STALE: u64 = 3_600_000;
const MIN_BACKOFF: u64 = 1_000;
const MAX_BACKOFF: u64 = 60_000;
const LEASE: u64 = 10_000;

/// The kids k0 … k7 may be in a set; the empty one (a token without a kid) and one that is too long never are.
const KIDS: usize = 10;

fn kid(index: usize) -> String {
    match index {
        8 => String::new(),
        9 => "long".repeat(MAX_KID),
        index => format!("k{index}"),
    }
}

/// A set that can be told from every other one, with those of k0 … k7 whose bit is set.
fn key_set(serial: u64, kids: u8) -> KeySet {
    let held = (0..8).filter(|index| kids >> index & 1 == 1).map(kid).chain([format!("set {serial}")]);
    let key = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
    let keys: Vec<String> = held.map(|kid| format!(r#"{{{key},"kid":"{kid}"}}"#)).collect();
    KeySet::from_json(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).expect("a key set")
}

#[derive(Clone, Debug)]
enum Event {
    /// A token with this kid comes.
    Token(usize),
    /// Fetch number n (modulo those there were) is answered: in time, late, or twice.
    Answer(usize, u8),
    /// It fails.
    Failure(usize),
    /// Somebody reports a fetch that was never asked for.
    Foreign(u64, bool),
    Restore(u8, u64),
    Forwards(u64),
    Backwards(u64),
}

fn duration() -> impl Strategy<Value = u64> {
    const EDGES: [u64; 10] = [0, 1, 100, MIN_BACKOFF, LEASE, COOLDOWN, MAX_BACKOFF, TTL, STALE, TTL + STALE];
    let near_edge =
        (prop::sample::select(&EDGES[..]), -2i64..=2).prop_map(|(edge, off)| edge.saturating_add_signed(off));
    prop_oneof![near_edge, 0..2 * TTL]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        10 => (0..KIDS).prop_map(Event::Token),
        4 => (any::<usize>(), any::<u8>()).prop_map(|(which, kids)| Event::Answer(which, kids)),
        // Usually the fetch that was started last is the one that ends.
        5 => (Just(usize::MAX), any::<u8>()).prop_map(|(which, kids)| Event::Answer(which, kids)),
        3 => prop_oneof![any::<usize>(), Just(usize::MAX)].prop_map(Event::Failure),
        1 => (prop_oneof![Just(0), 1000..u64::MAX], any::<bool>()).prop_map(|(id, ok)| Event::Foreign(id, ok)),
        1 => (any::<u8>(), duration()).prop_map(|(kids, age)| Event::Restore(kids, age)),
        8 => duration().prop_map(Event::Forwards),
        1 => duration().prop_map(Event::Backwards),
    ]
}

#[derive(Debug, PartialEq)]
enum Look {
    Found,
    NotFound,
    Unavailable,
    Fetch(Fetch),
}

/// The state machine, and what is known about it from outside.
struct World {
    cache: KeyCache,
    now: u64,
    serial: u64,
    newest: Option<(u64, u8)>,
    fetched_at: u64,
    newest_id: u64,
    puts: u64,
    issued: Vec<u64>,
    under_way: Option<(u64, u64)>,
    awaited: Vec<usize>,
    failures: u32,
    failed_id: u64,
    retry_at: u64,
    last_unknown: Option<u64>,
    /// When a refresh last showed that a kid is unknown.
    absent: BTreeMap<usize, u64>,
}

impl World {
    fn new() -> Self {
        let refresh = KeyRefresh { stale_for: STALE as f64 / 1000.0, ..KeyRefresh::default() };
        Self {
            cache: KeyCache::new(&refresh),
            now: 10_000_000_000,
            serial: 0,
            newest: None,
            fetched_at: 0,
            newest_id: 0,
            puts: 0,
            issued: Vec::new(),
            under_way: None,
            awaited: Vec::new(),
            failures: 0,
            failed_id: 0,
            retry_at: 0,
            last_unknown: None,
            absent: BTreeMap::new(),
        }
    }

    /// A clock that was set back makes nothing last longer than it would from now.
    fn observe(&mut self) {
        let now = self.now;
        self.fetched_at = self.fetched_at.min(now);
        self.retry_at = self.retry_at.min(now + MAX_BACKOFF);
        self.last_unknown = self.last_unknown.map(|at| at.min(now));
        self.absent.values_mut().for_each(|since| *since = now.min(*since));
        self.under_way = self.under_way.map(|(id, started)| (id, started.min(now)));
        self.under_way.take_if(|(_, started)| now - *started >= LEASE);
    }

    fn started(&mut self, id: u64) {
        assert!(self.under_way.is_none(), "two fetches at a time");
        assert!(self.now >= self.retry_at, "a fetch during the back-off");
        assert!(self.issued.last().is_none_or(|last| *last < id), "fetch ids grow");
        self.under_way = Some((id, self.now));
        self.awaited.clear();
        self.issued.push(id);
    }

    fn awaits(&mut self, index: usize) {
        if index != 9 && !self.awaited.contains(&index) {
            self.awaited.push(index);
        }
    }

    /// A token comes; everything that the answer may be is checked.
    fn look(&mut self, index: usize) -> Look {
        self.observe();
        let (kid, now) = (kid(index), self.now);
        let age = now - self.fetched_at;
        let usable = self.newest.filter(|_| age < TTL + STALE);
        let settled = self.cache.settled_generation(now);
        assert!(settled.is_none_or(|generation| generation == self.puts));
        let answer = self.cache.acquire(Some(&kid), now);
        assert_eq!(settled.is_some(), matches!(answer, Keys::Ready(_)));
        match answer {
            Keys::Ready(set) => {
                let (serial, kids) = usable.expect("a set that is too old was given out");
                assert!(set.has_kid(&format!("set {serial}")), "not the newest set");
                assert!(age < TTL || self.under_way.is_some() || now < self.retry_at, "no refresh after the TTL");
                let held = index < 8 && kids >> index & 1 == 1;
                assert_eq!(set.has_kid(&kid), held);
                if held { Look::Found } else { self.look_further(index) }
            }
            Keys::Fetch(fetch) => {
                assert_eq!(fetch.wait, usable.is_none(), "waiting for what is in hand");
                assert!(age >= TTL || usable.is_none(), "a refresh before the TTL");
                assert_eq!(fetch.id.is_some(), self.under_way.is_none());
                fetch.id.into_iter().for_each(|id| self.started(id));
                if fetch.wait {
                    self.awaits(index);
                }
                Look::Fetch(fetch)
            }
            Keys::Unavailable { retry_after_ms } => {
                assert!(usable.is_none() && self.under_way.is_none() && self.failures > 0);
                assert_eq!(now + retry_after_ms, self.retry_at);
                Look::Unavailable
            }
        }
    }

    fn look_further(&mut self, index: usize) -> Look {
        let (kid, now) = (kid(index), self.now);
        let known_absent = |pause| self.absent.get(&index).is_some_and(|since| now < since + pause);
        let cooling = self.last_unknown.is_some_and(|at| now < at + COOLDOWN);
        match self.cache.unknown_kid(&kid, now) {
            UnknownKid::Fetch(fetch) => {
                assert!(fetch.wait && index != 9 && !known_absent(COOLDOWN));
                if let Some(id) = fetch.id {
                    assert!(!cooling, "two refreshes for unknown kids within a cooldown");
                    self.last_unknown = Some(now);
                    self.started(id);
                }
                assert!(self.under_way.is_some());
                self.awaits(index);
                Look::Fetch(fetch)
            }
            refusal => {
                let waiting = self.under_way.is_some();
                let reason = known_absent(TTL) || index == 9 || (!waiting && (cooling || now < self.retry_at));
                assert!(reason, "refused although a refresh was permitted");
                if refusal == UnknownKid::NotFound {
                    assert_eq!(self.failures, 0, "an outage reported as an unknown key");
                    return Look::NotFound;
                }
                assert!(self.failures > 0);
                Look::Unavailable
            }
        }
    }

    fn put(&mut self, kids: u8, fetched_at: u64) {
        (self.newest, self.fetched_at) = (Some((self.serial, kids)), fetched_at);
        self.puts += 1;
        self.absent.retain(|&index, _| index >= 8 || kids >> index & 1 == 0);
    }

    fn answer(&mut self, id: u64, kids: u8) {
        self.serial += 1;
        let taken = self.cache.fetched(id, key_set(self.serial, kids), self.now);
        let mine = self.under_way.take_if(|(current, _)| *current == id).is_some();
        assert_eq!(taken, id > self.newest_id && self.issued.contains(&id), "an older answer, or one never asked for");
        if taken {
            (self.newest_id, self.failures, self.retry_at) = (id, 0, 0);
            self.put(kids, self.now);
            if mine {
                let unknown = self.awaited.iter().filter(|&&index| index >= 8 || kids >> index & 1 == 0);
                self.absent.extend(unknown.map(|&index| (index, self.now)));
            }
        }
    }

    fn failure(&mut self, id: u64) {
        self.cache.failed(id, self.now);
        self.under_way.take_if(|(current, _)| *current == id);
        if id > self.newest_id.max(self.failed_id) && self.issued.contains(&id) {
            self.failures += 1;
            self.failed_id = id;
            let pause = MIN_BACKOFF.checked_shl(self.failures - 1).map_or(MAX_BACKOFF, |pause| pause.min(MAX_BACKOFF));
            self.retry_at = self.now + if self.failures > 20 { MAX_BACKOFF } else { pause };
        }
    }

    fn happen(&mut self, event: &Event) {
        match *event {
            Event::Token(index) => {
                self.look(index);
            }
            Event::Answer(which, kids) => self.fetch(which).into_iter().for_each(|id| self.answer(id, kids)),
            Event::Failure(which) => self.fetch(which).into_iter().for_each(|id| self.failure(id)),
            Event::Foreign(id, true) => self.answer(id, 0xff),
            Event::Foreign(id, false) => self.failure(id),
            Event::Restore(kids, age) => {
                self.observe();
                self.serial += 1;
                let fetched_at = self.now - age;
                self.cache.restore(key_set(self.serial, kids), fetched_at, self.now);
                if self.newest.is_none() || self.fetched_at < fetched_at {
                    self.put(kids, fetched_at);
                }
            }
            Event::Forwards(by) => self.now += by,
            Event::Backwards(by) => self.now -= by,
        }
        assert_eq!(self.cache.generation(), self.puts);
        assert!(self.cache.absent.len() <= MEMORY);
        assert!(self.cache.in_flight.as_ref().is_none_or(|fetch| fetch.kids.len() <= MEMORY));
    }

    fn fetch(&self, which: usize) -> Option<u64> {
        let last = self.issued.len().checked_sub(1)?;
        self.issued.get(if which == usize::MAX { last } else { which % (last + 1) }).copied()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_interleaving_keeps_the_promises(events in prop::collection::vec(event(), 0..150)) {
        let mut world = World::new();
        events.iter().for_each(|event| world.happen(event));
    }

    /// A host that performs each fetch it is given, however slowly, and calls again when told to, gets a verdict.
    #[test]
    fn every_wait_ends(
        events in prop::collection::vec(event(), 0..60),
        index in 0..KIDS,
        answers in prop::collection::vec((0..25_000u64, prop::option::of(any::<u8>())), 4),
    ) {
        let mut world = World::new();
        events.iter().for_each(|event| world.happen(event));
        let (mut own, mut polls) = (0, 0);
        while let Look::Fetch(fetch) = world.look(index) {
            if let Some(id) = fetch.id {
                let (latency, answer) = answers[own];
                own += 1;
                prop_assert!(own <= 3, "a fourth fetch for one token");
                world.now += latency;
                match answer {
                    Some(kids) => world.answer(id, kids),
                    None => world.failure(id),
                }
            } else {
                polls += 1;
                world.now += 100;
                prop_assert!(polls <= LEASE / 100 + 1, "waited longer than a lease");
            }
        }
    }
}

#[test]
fn a_flood_of_unknown_kids_costs_one_fetch_per_cooldown_and_little_memory() {
    let mut world = World::new();
    assert_eq!(world.look(0), Look::Fetch(Fetch { wait: true, id: Some(1) }));
    world.answer(1, 0b1);
    let mut fetches = 0;
    for round in 0..10_000 {
        world.now += 30;
        let found = world.cache.unknown_kid(&format!("flood {round}"), world.now);
        if let UnknownKid::Fetch(Fetch { id: Some(id), .. }) = found {
            fetches += 1;
            world.cache.fetched(id, key_set(round, 0b1), world.now);
        }
        assert!(world.cache.absent.len() <= MEMORY);
    }
    assert_eq!(fetches, 10);
}

#[test]
fn more_kids_than_are_remembered_do_not_wait() {
    let mut cache = World::new().cache;
    assert!(matches!(cache.acquire(None, 0), Keys::Fetch(Fetch { wait: true, id: Some(1) })));
    let waiting = |found| matches!(found, UnknownKid::Fetch(Fetch { wait: true, id: None }));
    for index in 0..MEMORY {
        assert!(waiting(cache.unknown_kid(&index.to_string(), 0)));
    }
    assert_eq!(cache.unknown_kid("one too many", 0), UnknownKid::NotFound);
    assert!(waiting(cache.unknown_kid("7", 0)), "who waits already goes on waiting");
}

#[test]
fn the_pause_for_a_kid_doubles_up_to_the_ttl() {
    let mut world = World::new();
    world.look(0);
    world.answer(1, 0b1);
    let mut pauses = Vec::new();
    let mut last = world.now;
    for _ in 0..7 {
        world.now += 1_000;
        loop {
            match world.look(1) {
                // The set's own refresh is due every ten minutes; it says nothing about the kid by itself.
                Look::Fetch(Fetch { wait: false, id: Some(id) }) => world.answer(id, 0b1),
                Look::Fetch(Fetch { id: Some(id), .. }) => {
                    world.answer(id, 0b1);
                    break;
                }
                other => {
                    assert_eq!(other, Look::NotFound);
                    world.now += 1_000;
                }
            }
        }
        pauses.push((world.now - last) / 1_000);
        last = world.now;
    }
    assert_eq!(pauses, [1, 30, 60, 120, 240, 480, 600]);
}
