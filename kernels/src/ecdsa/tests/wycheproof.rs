//! All Wycheproof vectors in IEEE P1363 form for these curves with hashes of the SHA-2 family.

use crate::ecdsa::{Curve, EcdsaKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use wycheproof::{TestResult, ecdsa::TestName, ecdsa::TestSet};

fn run<D: Digest>(curve: Curve, name: TestName, expected_count: usize) {
    let set = TestSet::load(name).expect("the crate has this set");
    let length = super::super::parameters(curve).bytes();
    let mut count = 0;
    for group in set.test_groups {
        let point = &group.key.key[1..];
        let key = EcdsaKey::new(curve, &point[..length], &point[length..]).expect("a valid key");
        for test in group.tests {
            let accepted = key.verify_digest(&D::digest(&test.msg[..]), &test.sig);
            let valid = test.result == TestResult::Valid;
            assert_eq!(accepted, valid, "{name:?} {}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    assert_eq!(count, expected_count);
}

#[test]
fn p256_sha256() {
    run::<Sha256>(Curve::P256, TestName::EcdsaSecp256r1Sha256P1363, 262);
}

#[test]
fn p256_sha512() {
    run::<Sha512>(Curve::P256, TestName::EcdsaSecp256r1Sha512P1363, 332);
}

#[test]
fn p384_sha384() {
    run::<Sha384>(Curve::P384, TestName::EcdsaSecp384r1Sha384P1363, 280);
}

#[test]
fn p384_sha512() {
    run::<Sha512>(Curve::P384, TestName::EcdsaSecp384r1Sha512P1363, 318);
}

#[test]
fn p521_sha512() {
    run::<Sha512>(Curve::P521, TestName::EcdsaSecp521r1Sha512P1363, 318);
}
