//! The reader against serde_json, on texts that are JSON, nearly JSON, and not JSON.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{HAZARDS, MAX_DEPTH, object};
use crate::prelude::*;

/// Reads any value as strictly as this crate does, by another parser; says whether a name in it is hazardous.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        let inner = self.deeper()?;
        let mut hazard = false;
        while let Some(found) = seq.next_element_seed(inner)? {
            hazard |= found;
        }
        Ok(hazard)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let inner = self.deeper()?;
        let mut members = BTreeMap::new();
        let mut hazard = false;
        while let Some(name) = map.next_key::<String>()? {
            hazard |= HAZARDS.contains(&name.as_str()) | map.next_value_seed(inner)?;
            if members.insert(name, ()).is_some() {
                return Err(A::Error::custom("a duplicate member"));
            }
        }
        Ok(hazard)
    }
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth <= MAX_DEPTH { Ok(Self { depth }) } else { Err(E::custom("too deep")) }
    }
}

/// Fails unless both readers say the same of an object: its hazard, or that it is none.
fn judged_alike(text: &str) -> Result<(), TestCaseError> {
    let found = object(text).map(|members| members.hazard);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let expected =
        Strict { depth: 0 }.deserialize(&mut deserializer).and_then(|hazard| deserializer.end().map(|()| hazard));
    match expected {
        // `1e400` is JSON, but no number of serde_json.
        Err(error) if error.to_string().starts_with("number out of range") => Ok(()),
        expected => {
            let is_object = text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{');
            prop_assert_eq!(found, expected.ok().filter(|_| is_object), "{}", text);
            Ok(())
        }
    }
}

/// Pieces of JSON, of which random texts are made that are wrong in every place.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\udc00",
    "\\u12",
    "a",
    "b",
    "é",
    "😀",
    "\u{1}",
    " ",
    "\n",
    "\u{b}",
    "\u{feff}",
    "0",
    "1",
    "-",
    "+",
    ".",
    "e",
    "E",
    "12",
    "true",
    "false",
    "null",
    "nul",
    "\"a\"",
    "\"b\":",
    "\"__proto__\":",
    "\"\\u005f_proto__\":",
    "\"\":1,",
];

/// Valid JSON, as a text.
fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![4 => "[a-d]{1,2}", 1 => Just("constructor".to_owned()), 1 => "\\PC{0,4}"];
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| format!("{value:e}")),
        "\\PC{0,6}".prop_map(|text| quoted(&text)),
    ];
    let value = leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" ,"))),
            members(name.clone(), inner),
        ]
    });
    members("[a-f]{1,3}", value)
}

fn members(name: impl Strategy<Value = String>, value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec((name, value), 0..5).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("{}: {value}", quoted(name))).collect();
        format!("{{{}}}", members.join(","))
    })
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn objects_are_judged_alike(text in json()) {
        judged_alike(&text)?;
    }

    #[test]
    fn damaged_objects_are_judged_alike(text in json(), place in any::<prop::sample::Index>(), cut in 0_usize..3, piece in prop::sample::select(PIECES)) {
        let mut characters: Vec<char> = text.chars().collect();
        let start = place.index(characters.len());
        let end = characters.len().min(start + cut);
        characters.splice(start..end, piece.chars());
        let text: String = characters.into_iter().collect();
        judged_alike(&text)?;
    }

    #[test]
    fn rubble_is_judged_alike(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12)) {
        let text = format!("{{\"a\":{}}}", pieces.concat());
        judged_alike(&text)?;
    }
}
