//! All vectors of Wycheproof for RSASSA-PKCS1-v1_5 and RSASSA-PSS with SHA-2 and MGF1.

use crate::rsa::{Hash, RsaKey};
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use wycheproof::{HashFunction, TestResult, rsa_pkcs1_verify as pkcs1, rsa_pss_verify as pss};

fn hash(function: HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

fn digest(hash: Hash, message: &[u8]) -> Vec<u8> {
    match hash {
        Hash::Sha256 => Sha256::digest(message).to_vec(),
        Hash::Sha384 => Sha384::digest(message).to_vec(),
        Hash::Sha512 => Sha512::digest(message).to_vec(),
    }
}

/// What happened to the vectors of some files.
#[derive(Debug, Default, PartialEq)]
struct Count {
    accepted: usize,
    refused: usize,
    /// "Acceptable" to Wycheproof and refused here.
    stricter: usize,
    /// Valid to Wycheproof but outside our profile, and refused.
    outside: usize,
}

#[test]
fn pkcs1_vectors() {
    let mut count = Count::default();
    for name in pkcs1::TestName::all() {
        let set = pkcs1::TestSet::load(name).expect("vectors");
        for group in set.test_groups {
            // The other hash functions (SHA-224, SHA-512/256, SHA-3) have no name in the profile.
            let Some(hash) = hash(group.hash) else { continue };
            let key = RsaKey::new(&group.key.n, &group.key.e);
            for test in group.tests {
                let ok = key.as_ref().is_some_and(|key| key.verify_pkcs1(hash, &digest(hash, &test.msg), &test.sig));
                match test.result {
                    TestResult::Valid if key.is_none() => {
                        assert!(!ok);
                        count.outside += 1;
                    }
                    TestResult::Valid => {
                        assert!(ok, "{name:?} {}: {}", test.tc_id, test.comment);
                        count.accepted += 1;
                    }
                    TestResult::Invalid => {
                        assert!(!ok, "{name:?} {}: {}", test.tc_id, test.comment);
                        count.refused += 1;
                    }
                    TestResult::Acceptable => {
                        assert!(!ok, "{name:?} {}: {}", test.tc_id, test.comment);
                        count.stricter += 1;
                    }
                }
            }
        }
    }
    assert_eq!(count, Count { accepted: 89, refused: 3005, stricter: 12, outside: 0 });
}

#[test]
fn pss_vectors() {
    let mut plain = Count::default();
    let mut other_salt = Count::default();
    let mut changed = 0;
    for name in pss::TestName::all() {
        let set = pss::TestSet::load(name).expect("vectors");
        for group in set.test_groups {
            let Some(hash) = hash(group.hash) else { continue };
            let key = RsaKey::new(&group.key.n, &group.key.e);
            let same_mgf = group.mgf == wycheproof::Mgf::Mgf1 && group.mgf_hash == Some(group.hash);
            for test in group.tests {
                let digest = digest(hash, &test.msg);
                let by_size = |size| key.as_ref().is_some_and(|key| key.verify_pss(hash, &digest, &test.sig, size));
                let label = || format!("{name:?} {}: {}", test.tc_id, test.comment);
                let profile = same_mgf && group.salt_size == hash.size() && key.is_some();
                let salt_changed = format!("s_len changed to {}", hash.size());
                let public = by_size(hash.size());
                match test.result {
                    TestResult::Valid if profile => {
                        assert!(public, "{}", label());
                        plain.accepted += 1;
                    }
                    TestResult::Valid => {
                        assert!(!public, "{}", label());
                        plain.outside += 1;
                    }
                    // A vector with another salt length than its file may be one of ours.
                    TestResult::Invalid if test.comment == salt_changed => {
                        assert_eq!(public, same_mgf && !profile, "{}", label());
                        changed += usize::from(public);
                    }
                    TestResult::Invalid => {
                        assert!(!public, "{}", label());
                        plain.refused += 1;
                    }
                    TestResult::Acceptable => {
                        assert_eq!(public, profile, "{}", label());
                        plain.stricter += 1;
                    }
                }
                if same_mgf && group.salt_size != hash.size() && key.is_some() {
                    let ok = by_size(group.salt_size);
                    match test.result {
                        TestResult::Valid | TestResult::Acceptable => {
                            assert!(ok, "{}", label());
                            other_salt.accepted += 1;
                        }
                        TestResult::Invalid => {
                            assert!(!ok, "{}", label());
                            other_salt.refused += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(changed, 2);
    assert_eq!(plain, Count { accepted: 775, refused: 673, stricter: 0, outside: 755 });
    assert_eq!(other_salt, Count { accepted: 416, refused: 174, stricter: 0, outside: 0 });
}
