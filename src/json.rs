//! Strict JSON: objects whose members are looked at one by one, with duplicate members refused at every level
//! (RFC 8725 §2.4: two readers of one token must see the same claims) and nesting limited.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Deepest nesting of arrays and objects that is read, the outermost object included.
const MAX_DEPTH: usize = 32;

/// Member names that turn dangerous when a careless program copies them onto an ordinary JavaScript object.
const HAZARDS: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// A JSON value, as far as claims and headers need to know it.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// May be infinite: `1e400` is valid JSON, and what that means is for the claim to say.
    Number(f64),
    Text(Cow<'a, str>),
    /// An array of nothing but strings (the empty array, too).
    Texts(Vec<Cow<'a, str>>),
    Array,
    Object,
}

impl Value<'_> {
    /// What to call it in an error.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Texts(_) | Value::Array => "an array",
            Value::Object => "an object",
        }
    }
}

/// Reads `text` as one JSON object and hands every member to `each`, with its value and the value's own text.
/// Returns whether a member anywhere in it bears a hazardous name; `None` when it is not a strict JSON object.
pub(crate) fn object<'a>(text: &'a str, each: &mut dyn FnMut(Cow<'a, str>, Value<'a>, &'a str)) -> Option<bool> {
    let mut hazard = false;
    outline(text, &mut |name, raw| {
        hazard |= HAZARDS.contains(&name.as_ref());
        parse(raw, &mut hazard).map(|value| each(name, value, raw))
    })?;
    Some(hazard)
}

/// Like [`object`], but the values are only known to be JSON: what is in them is for `each` to read. `each` ends the
/// reading with `None`.
pub(crate) fn outline<'a>(text: &'a str, each: &mut dyn FnMut(Cow<'a, str>, &'a str) -> Option<()>) -> Option<()> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.deserialize_map(Members(each)).ok()?;
    deserializer.end().ok()
}

/// The elements of the JSON array `text`, as texts.
pub(crate) fn array(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// The outermost object.
struct Members<'e, 'a>(&'e mut dyn FnMut(Cow<'a, str>, &'a str) -> Option<()>);

impl<'a> Visitor<'a> for Members<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = Names::default();
        while let Some(name) = map.next_key_seed(Text)? {
            names.0.push(name.clone());
            let raw: &'a RawValue = map.next_value()?;
            (self.0)(name, raw.get()).ok_or_else(|| A::Error::custom("value"))?;
        }
        names.check()
    }
}

/// Reads one value whose grammar has been checked already.
fn parse<'a>(text: &'a str, hazard: &mut bool) -> Option<Value<'a>> {
    if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return text.parse().ok().map(Value::Number);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Strict { depth: 1, hazard }.deserialize(&mut deserializer).ok()
}

/// Any value, read strictly.
struct Strict<'h> {
    depth: usize,
    hazard: &'h mut bool,
}

impl<'a> DeserializeSeed<'a> for Strict<'_> {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Value<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Strict<'_> {
    type Value = Value<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value<'a>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'a>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'a>, E> {
        Ok(Value::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'a>, E> {
        Ok(Value::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'a>, E> {
        Ok(Value::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<Value<'a>, A::Error> {
        let depth = deeper(self.depth)?;
        let mut texts = Some(Vec::new());
        while let Some(value) = seq.next_element_seed(Strict { depth, hazard: &mut *self.hazard })? {
            match (value, &mut texts) {
                (Value::Text(text), Some(texts)) => texts.push(text),
                _ => texts = None,
            }
        }
        Ok(texts.map_or(Value::Array, Value::Texts))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Value<'a>, A::Error> {
        let depth = deeper(self.depth)?;
        let mut names = Names::default();
        while let Some(name) = map.next_key_seed(Text)? {
            *self.hazard |= HAZARDS.contains(&name.as_ref());
            names.0.push(name);
            map.next_value_seed(Strict { depth, hazard: &mut *self.hazard })?;
        }
        names.check()?;
        Ok(Value::Object)
    }
}

fn deeper<E: serde::de::Error>(depth: usize) -> Result<usize, E> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(E::custom("depth")) }
}

/// The member names of one object. Sorting once keeps hostile objects with thousands of members cheap.
#[derive(Default)]
struct Names<'a>(Vec<Cow<'a, str>>);

impl Names<'_> {
    fn check<E: serde::de::Error>(mut self) -> Result<(), E> {
        self.0.sort_unstable();
        let twice = self.0.iter().zip(self.0.iter().skip(1)).any(|(a, b)| a == b);
        if twice { Err(E::custom("duplicate member")) } else { Ok(()) }
    }
}

/// A string, borrowed where it has no escapes.
struct Text;

impl<'a> DeserializeSeed<'a> for Text {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Cow<'a, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Text {
    type Value = Cow<'a, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, value: &'a str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Cow<'a, str>, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Vec<(String, String)>, bool)> {
        let mut members = Vec::new();
        let hazard = object(text, &mut |name, value, _| members.push((name.into_owned(), format!("{value:?}"))))?;
        Some((members, hazard))
    }

    #[test]
    fn members_are_seen_with_their_types() {
        let mut seen = Vec::new();
        let text = r#"{"a":1.5,"b":"x\u0041","c":null,"d":["p","q"],"e":[1],"f":{"g":1},"h":true,"i":1e400,"j":-0}"#;
        assert_eq!(object(text, &mut |_, value, _| seen.push(value)), Some(false));
        let expected = [
            Value::Number(1.5),
            Value::Text("xA".into()),
            Value::Null,
            Value::Texts(vec!["p".into(), "q".into()]),
            Value::Array,
            Value::Object,
            Value::Bool(true),
            Value::Number(f64::INFINITY),
            Value::Number(-0.0),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn duplicates_are_refused_at_every_level_and_in_every_spelling() {
        for bad in
            [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":1}"#, r#"{"x":{"a":1,"b":2,"a":3}}"#, r#"{"x":[[{"a":1,"a":1}]]}"#]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_one_valid_object_is_taken() {
        let bad = [
            "",
            "[]",
            "null",
            "1",
            "{",
            "{}{}",
            "{} x",
            r#"{"a":01}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":NaN}"#,
            "{\"a\":\"\n\"}",
        ];
        for bad in bad {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(" {} \n"), Some((vec![], false)));
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&nested(MAX_DEPTH - 1)).is_some());
        assert_eq!(read(&nested(MAX_DEPTH)), None);
        assert_eq!(read(&nested(100_000)), None);
    }

    #[test]
    fn hazardous_names_are_reported_however_deep_or_escaped() {
        for text in [r#"{"__proto__":1}"#, r#"{"a":[{"\u005f_proto__":{}}]}"#, r#"{"a":{"constructor":0}}"#] {
            assert_eq!(read(text).map(|seen| seen.1), Some(true), "{text}");
        }
    }
}
