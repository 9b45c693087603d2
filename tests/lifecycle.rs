//! The life cycle of the key set as a host sees it: each test is one sentence of what was promised.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic)]

mod support;

use scopegate::{Error, Outcome, Requirement, Verifier};
use serde_json::json;
use support::{NOW, Signer, code, jwks};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// An issuer and a host in one: keys to publish, and a count of fetches.
struct Scene {
    verifier: Verifier,
    published: Vec<Signer>,
    reachable: bool,
    fetches: u32,
}

impl Scene {
    fn new(published: &[u8]) -> Self {
        Self::with(published, &json!({}))
    }

    fn with(published: &[u8], options: &serde_json::Value) -> Self {
        let published = published.iter().map(|&seed| Signer::new(seed)).collect();
        Self { verifier: support::verifier(options), published, reachable: true, fetches: 0 }
    }

    fn verify(&self, seed: u8, now: u64) -> Result<Outcome, Error> {
        let token = Signer::new(seed).token_with(&json!({}), &json!({"exp": NOW / 1000 + 1_000_000}));
        self.verifier.verify(&token, &Requirement::none(), now)
    }

    /// What `verify` asks for: whether to wait, and which fetch to perform.
    fn asked(&self, seed: u8, now: u64) -> (bool, Option<u64>) {
        match self.verify(seed, now) {
            Ok(Outcome::NeedKeys { wait, fetch }) => (wait, fetch),
            other => panic!("asked for no keys: {other:?}"),
        }
    }

    fn answer(&mut self, fetch: u64, now: u64) {
        self.fetches += 1;
        if self.reachable {
            let document = jwks(&self.published.iter().collect::<Vec<_>>());
            self.verifier.keys_fetched(fetch, &document, now).expect("a key set");
        } else {
            self.verifier.keys_failed(fetch, now);
        }
    }

    /// The verdict about a token of key `seed`, with every fetch performed.
    fn judge(&mut self, seed: u8, now: u64) -> &'static str {
        for _ in 0..4 {
            match self.verify(seed, now) {
                Ok(Outcome::NeedKeys { fetch: Some(fetch), .. }) => self.answer(fetch, now),
                judged => return code(&judged),
            }
        }
        panic!("no verdict after four rounds");
    }

    fn publish(&mut self, seeds: &[u8]) {
        self.published = seeds.iter().map(|&seed| Signer::new(seed)).collect();
    }
}

#[test]
fn a_set_is_fresh_for_ten_minutes() {
    let mut scene = Scene::new(&[1]);
    assert_eq!(scene.verifier.jwks_uri(), Some("https://tenant.logto.app/oidc/jwks"));
    for minute in 0..10 {
        assert_eq!(scene.judge(1, NOW + minute * MINUTE), "accepted");
    }
    assert_eq!(scene.fetches, 1);
}

#[test]
fn then_it_serves_on_while_one_background_refresh_runs() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    let later = NOW + 10 * MINUTE;
    let (wait, fetch) = scene.asked(1, later);
    assert!(!wait);
    for _ in 0..5 {
        assert_eq!(code(&scene.verify(1, later + SECOND)), "accepted");
    }
    scene.answer(fetch.expect("a fetch to perform"), later + 2 * SECOND);
    assert_eq!(code(&scene.verify(1, later + 2 * SECOND + 10 * MINUTE - 1)), "accepted");
    assert_eq!(scene.fetches, 2);
}

#[test]
fn the_first_tokens_share_one_fetch() {
    let scene = Scene::new(&[1]);
    assert_eq!(scene.asked(1, NOW), (true, Some(1)));
    assert_eq!(scene.asked(1, NOW), (true, None));
    assert!(matches!(scene.verifier.preload(NOW), Ok(Some(Outcome::NeedKeys { wait: true, fetch: None }))));
    scene.verifier.keys_fetched(1, &jwks(&[&Signer::new(1)]), NOW).expect("a key set");
    assert_eq!(scene.verifier.preload(NOW), Ok(None));
    assert_eq!(code(&scene.verify(1, NOW)), "accepted");
}

#[test]
fn a_fetch_of_which_nothing_is_heard_is_given_to_somebody_else() {
    let scene = Scene::new(&[1]);
    assert_eq!(scene.asked(1, NOW), (true, Some(1)));
    assert_eq!(scene.asked(1, NOW + 9_999), (true, None));
    assert_eq!(scene.asked(1, NOW + 10_000), (true, Some(2)));
}

#[test]
fn an_unknown_kid_causes_a_refresh_at_most_once_per_cooldown() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    for second in 0..30 {
        assert_eq!(scene.judge(100 + second as u8, NOW + second * SECOND), "key_not_found");
    }
    assert_eq!(scene.fetches, 2);
    assert_eq!(scene.judge(99, NOW + 30 * SECOND), "key_not_found");
    assert_eq!(scene.fetches, 3);
}

#[test]
fn a_new_key_is_found_at_once_by_its_unknown_kid() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    scene.publish(&[1, 2]);
    assert_eq!(scene.asked(2, NOW + MINUTE), (true, Some(2)));
    assert_eq!(scene.asked(2, NOW + MINUTE), (true, None), "the others wait for the same fetch");
    scene.answer(2, NOW + MINUTE);
    assert_eq!(scene.judge(2, NOW + MINUTE), "accepted");
    assert_eq!(scene.judge(1, NOW + MINUTE), "accepted");
}

#[test]
fn an_unknown_kid_is_remembered() {
    let mut scene = Scene::new(&[1]);
    // The first load was made for this very token, so it need not be made again.
    assert_eq!(scene.judge(2, NOW), "key_not_found");
    assert_eq!((scene.judge(2, NOW + 29 * SECOND), scene.fetches), ("key_not_found", 1));
    assert_eq!((scene.judge(2, NOW + 30 * SECOND), scene.fetches), ("key_not_found", 2));
    // Each time it proves unknown again, the pause doubles.
    assert_eq!((scene.judge(2, NOW + 89 * SECOND), scene.fetches), ("key_not_found", 2));
    assert_eq!((scene.judge(2, NOW + 90 * SECOND), scene.fetches), ("key_not_found", 3));
    // A set that has it ends the matter, whoever asked for that set.
    scene.publish(&[1, 2]);
    assert_eq!(scene.judge(3, NOW + 130 * SECOND), "key_not_found");
    assert_eq!((scene.judge(2, NOW + 131 * SECOND), scene.fetches), ("accepted", 4));
}

#[test]
fn failed_refreshes_back_off_with_a_cap() {
    let mut scene = Scene::new(&[1]);
    scene.reachable = false;
    let mut now = NOW;
    let mut pauses = Vec::new();
    for _ in 0..9 {
        assert_eq!(scene.judge(1, now), "keys_unavailable");
        let pause = scene.verify(1, now).err().and_then(|error| error.retry_after()).expect("a time to retry");
        let fetches = scene.fetches;
        assert_eq!(scene.judge(1, now + pause * SECOND - 1), "keys_unavailable");
        assert_eq!(scene.fetches, fetches, "an attempt during the pause");
        pauses.push(pause);
        now += pause * SECOND;
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    scene.reachable = true;
    assert_eq!(scene.judge(1, now), "accepted");
}

#[test]
fn a_stale_set_serves_for_a_day_while_the_issuer_is_down() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    scene.reachable = false;
    let end = NOW + 10 * MINUTE + 24 * HOUR;
    for now in (NOW..end).step_by(7 * MINUTE as usize) {
        assert_eq!(scene.judge(1, now), "accepted");
    }
    assert_eq!(scene.judge(1, end - 1), "accepted");
    assert_eq!(scene.judge(1, end), "keys_unavailable");
    scene.reachable = true;
    assert_eq!(scene.judge(1, end + MINUTE), "accepted");
}

#[test]
fn during_an_outage_an_unknown_kid_is_no_fault_of_the_token() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    scene.reachable = false;
    assert_eq!(scene.judge(2, NOW + MINUTE), "keys_unavailable");
    assert_eq!(scene.judge(1, NOW + MINUTE), "accepted");
}

#[test]
fn a_key_that_left_the_jwks_stops_verifying_at_the_next_refresh() {
    let mut scene = Scene::new(&[1, 2]);
    assert_eq!(scene.judge(1, NOW), "accepted");
    scene.publish(&[2]);
    assert_eq!(scene.judge(1, NOW + 9 * MINUTE), "accepted");
    // `judge` performs the background refresh before it calls again.
    assert_eq!(scene.judge(1, NOW + 10 * MINUTE), "key_not_found");
    assert_eq!(scene.judge(2, NOW + 10 * MINUTE), "accepted");
}

#[test]
fn an_older_answer_never_replaces_a_newer_one() {
    let scene = Scene::new(&[]);
    let answer = |fetch, seed, now| scene.verifier.keys_fetched(fetch, &jwks(&[&Signer::new(seed)]), now);
    assert_eq!(scene.asked(1, NOW), (true, Some(1)));
    assert_eq!(scene.asked(1, NOW + 10 * SECOND), (true, Some(2)));
    assert!(answer(2, 2, NOW + 11 * SECOND).is_ok_and(|changed| changed.changed && changed.generation == 1));
    // The first fetch's answer arrives at last; a double report and a foreign one are no news either.
    for fetch in [1, 2, 3, 0, u64::MAX] {
        assert!(answer(fetch, 1, NOW + 12 * SECOND).is_ok_and(|changed| !changed.changed && changed.generation == 1));
    }
    assert_eq!(code(&scene.verify(2, NOW + 12 * SECOND)), "accepted");
    // Nor does a stored set that is older than the one in hand.
    let store = |seed, fetched_at| {
        scene.verifier.restore_keys(&jwks(&[&Signer::new(seed)]), fetched_at, NOW + 13 * SECOND).expect("a key set");
    };
    store(1, NOW + 10 * SECOND);
    assert_eq!(code(&scene.verify(2, NOW + 13 * SECOND)), "accepted");
    store(1, NOW + 12 * SECOND);
    assert_eq!(code(&scene.verify(1, NOW + 13 * SECOND)), "accepted");
}

#[test]
fn a_restored_set_keeps_its_age() {
    let mut scene = Scene::new(&[1]);
    let document = jwks(&[&Signer::new(1)]);
    scene.verifier.restore_keys(&document, NOW - 9 * MINUTE, NOW).expect("a key set");
    assert_eq!((scene.judge(1, NOW), scene.fetches), ("accepted", 0));
    assert_eq!(scene.asked(1, NOW + MINUTE), (false, Some(1)));
    // One from the future is as old as now.
    let scene = Scene::new(&[1]);
    scene.verifier.restore_keys(&document, NOW + HOUR, NOW).expect("a key set");
    let fresh = |fetched_at| scene.verifier.would_be_fresh(fetched_at, NOW);
    assert_eq!((fresh(NOW - 10 * MINUTE), fresh(NOW - 10 * MINUTE + 1), fresh(NOW + 1)), (false, true, false));
    assert_eq!(code(&scene.verify(1, NOW)), "accepted");
    assert_eq!(scene.asked(1, NOW + 10 * MINUTE), (false, Some(1)));
}

#[test]
fn an_unusable_answer_is_a_failed_fetch_and_loses_nothing() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    let later = NOW + 10 * MINUTE;
    let large = vec![b' '; 512 * 1024 + 1];
    let many = jwks(&(0..65).map(|_| Signer::new(1)).collect::<Vec<_>>().iter().collect::<Vec<_>>());
    let symmetric = br#"{"keys":[{"kty":"oct","k":"AAAA"}]}"#;
    let documents: [&[u8]; 8] = [b"", b"<html>", b"{}", br#"{"keys":{}}"#, br#"{"keys":[]}"#, &large, &many, symmetric];
    let mut now = later;
    for document in documents {
        let (wait, fetch) = scene.asked(1, now);
        let refused = scene.verifier.keys_fetched(fetch.expect("a fetch"), document, now);
        assert_eq!((wait, refused.map_err(|error| error.code().as_str())), (false, Err("keys_unavailable")));
        assert_eq!(code(&scene.verify(1, now)), "accepted");
        now += MINUTE;
    }
}

#[test]
fn the_same_keys_are_no_new_generation() {
    let scene = Scene::new(&[]);
    let (one, two) = (Signer::new(1), Signer::new(2));
    let mut now = NOW;
    let mut answer = |keys: &[&Signer]| {
        let Ok(Some(Outcome::NeedKeys { fetch: Some(fetch), .. })) = scene.verifier.preload(now) else {
            panic!("no fetch is due")
        };
        let changed = scene.verifier.keys_fetched(fetch, &jwks(keys), now).expect("a key set");
        now += 10 * MINUTE;
        (changed.changed, changed.generation, changed.keys)
    };
    assert_eq!(answer(&[&one, &two]), (true, 1, 2));
    assert_eq!(answer(&[&one, &two]), (false, 1, 2));
    assert_eq!(answer(&[&one]), (true, 2, 1));
    // A key that is listed twice is one key.
    assert_eq!(answer(&[&one, &one]), (false, 2, 1));
    assert_eq!(code(&scene.verify(1, NOW + 40 * MINUTE - 1)), "accepted");
}

#[test]
fn an_issuer_slower_than_the_lease_is_not_asked_without_pause() {
    let scene = Scene::with(&[1], &json!({"keyRefresh": {"lease": 1}}));
    let mut now = NOW;
    for fetch in 1..4 {
        assert_eq!(scene.asked(1, now), (true, Some(fetch)));
        now += 5 * SECOND;
        scene.verifier.keys_failed(fetch, now);
        assert_eq!(code(&scene.verify(1, now)), "keys_unavailable");
        now += MINUTE;
    }
}

#[test]
fn a_clock_that_jumps_refuses_no_valid_token_and_asks_for_nothing_in_vain() {
    let mut scene = Scene::new(&[1]);
    scene.judge(1, NOW);
    assert_eq!(code(&scene.verify(1, NOW - 30 * SECOND)), "accepted");
    assert_eq!(code(&scene.verify(1, NOW + 9 * MINUTE)), "accepted");
    // Set back by a minute and a half: what counts from then on is the new time.
    assert!(!scene.asked(1, NOW - 30 * SECOND + 10 * MINUTE).0);
}
