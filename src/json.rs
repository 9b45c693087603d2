//! Strict JSON (RFC 8259): objects whose members are looked at one by one, with duplicate members refused at every level
//! (RFC 8725 §2.4: two readers of one token must see the same claims) and nesting limited.

mod number;
mod write;

use alloc::borrow::Cow;

use crate::distinct;
use crate::prelude::*;

pub(crate) use number::number;
pub(crate) use write::{Object, list, quoted};

/// Deepest nesting of arrays and objects that is read, the outermost object included.
const MAX_DEPTH: usize = 32;

/// Member names that turn dangerous when a careless program copies them onto an ordinary JavaScript object.
const HAZARDS: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// A JSON value, as far as claims, headers and options need to know it.
#[derive(Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool,
    /// As it is written: [`number`] says what it is worth.
    Number(&'a str),
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
            Value::Bool => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "a string",
            Value::Texts(_) | Value::Array => "an array",
            Value::Object => "an object",
        }
    }
}

/// Takes a member of an object: its name, its value, and the value's own text. `None` ends the reading.
pub(crate) type EachMember<'e, 'a> = &'e mut dyn FnMut(Cow<'a, str>, Value<'a>, &'a str) -> Option<()>;

/// Reads `text` as one JSON object and hands every member to `each`. Returns whether a member anywhere in it bears a
/// hazardous name; `None` when it is not a strict JSON object, or when `each` said so.
pub(crate) fn object<'a>(text: &'a str, each: EachMember<'_, 'a>) -> Option<bool> {
    let mut reader = Reader::new(text);
    reader.object(each)?;
    reader.end()?;
    (!reader.repeated).then_some(reader.hazard)
}

/// Like [`object`], but within the values duplicate members are let pass.
pub(crate) fn outline<'a>(text: &'a str, each: EachMember<'_, 'a>) -> Option<()> {
    let mut reader = Reader::new(text);
    let mut names = Vec::new();
    reader.object(&mut |name, value, raw| {
        names.push(name.clone());
        each(name, value, raw)
    })?;
    reader.end()?;
    (!distinct::repeats(&names)).then_some(())
}

/// The texts of the elements of the JSON array `text`, in which duplicate members are let pass.
pub(crate) fn array(text: &str) -> Option<Vec<&str>> {
    let mut reader = Reader::new(text);
    let mut elements = Vec::new();
    reader.array(&mut |_, raw| elements.push(raw))?;
    reader.end()?;
    Some(elements)
}

/// One value.
pub(crate) fn value(text: &str) -> Option<Value<'_>> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    reader.end()?;
    (!reader.repeated).then_some(value)
}

/// Reads from `at` on. `None` from any of its methods: the text is not JSON, or nested too deep.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// A member with a hazardous name was seen.
    hazard: bool,
    /// An object with duplicate members was seen.
    repeated: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0, hazard: false, repeated: false }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| !wanted(byte)).unwrap_or(rest.len());
    }

    fn skip_whitespace(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Whether `wanted` came next; then it is behind.
    fn took(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// After whitespace `wanted`.
    fn take(&mut self, wanted: u8) -> Option<()> {
        self.skip_whitespace();
        self.took(wanted).then_some(())
    }

    /// Nothing follows but whitespace.
    fn end(&mut self) -> Option<()> {
        self.skip_whitespace();
        (self.at == self.text.len()).then_some(())
    }

    /// The items between brackets, each of which `item` reads.
    fn items(&mut self, open: u8, close: u8, item: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(open)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        self.skip_whitespace();
        if !self.took(close) {
            loop {
                item(self)?;
                self.skip_whitespace();
                if self.took(close) {
                    break;
                }
                self.take(b',')?;
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn object(&mut self, each: EachMember<'_, 'a>) -> Option<()> {
        let mut names = Vec::new();
        self.items(b'{', b'}', &mut |reader| {
            reader.skip_whitespace();
            let name = reader.string()?;
            reader.hazard |= HAZARDS.contains(&name.as_ref());
            names.push(name.clone());
            reader.take(b':')?;
            let (value, raw) = reader.value_and_text()?;
            each(name, value, raw)
        })?;
        self.repeated |= distinct::repeats(&names);
        Some(())
    }

    fn array(&mut self, each: &mut dyn FnMut(Value<'a>, &'a str)) -> Option<()> {
        self.items(b'[', b']', &mut |reader| {
            let (value, raw) = reader.value_and_text()?;
            each(value, raw);
            Some(())
        })
    }

    fn value_and_text(&mut self) -> Option<(Value<'a>, &'a str)> {
        self.skip_whitespace();
        let start = self.at;
        let value = self.value()?;
        Some((value, self.text.get(start..self.at)?))
    }

    fn value(&mut self) -> Option<Value<'a>> {
        self.skip_whitespace();
        match self.peek()? {
            b'{' => self.object(&mut |_, _, _| Some(())).map(|()| Value::Object),
            b'[' => {
                let mut texts = Some(Vec::new());
                self.array(&mut |value, _| match (value, &mut texts) {
                    (Value::Text(text), Some(texts)) => texts.push(text),
                    _ => texts = None,
                })?;
                Some(texts.map_or(Value::Array, Value::Texts))
            }
            b'"' => self.string().map(Value::Text),
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Bool),
            b'f' => self.word("false", Value::Bool),
            _ => self.number().map(Value::Number),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.took(b'-');
        if !self.took(b'0') {
            self.digits()?;
        }
        if self.took(b'.') {
            self.digits()?;
        }
        if self.took(b'e') || self.took(b'E') {
            let _sign = self.took(b'+') || self.took(b'-');
            self.digits()?;
        }
        self.text.get(start..self.at)
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        (self.at > start).then_some(())
    }

    /// RFC 8259 §7; borrowed where it has no escapes.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        if !self.took(b'"') {
            return None;
        }
        let mut text = Cow::Borrowed("");
        loop {
            let start = self.at;
            self.skip_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
            let plain = self.text.get(start..self.at)?;
            match &mut text {
                Cow::Borrowed("") => text = Cow::Borrowed(plain),
                text => text.to_mut().push_str(plain),
            }
            if self.took(b'"') {
                return Some(text);
            }
            let escaped = self.escape()?;
            text.to_mut().push(escaped);
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.took(b'\\').then_some(())?;
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => letter.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let mut code = self.hex4()?;
                // A character beyond U+FFFF is two escapes, a high and a low surrogate; neither may stand alone.
                if (0xd800..0xdc00).contains(&code) {
                    let low = if self.took(b'\\') && self.took(b'u') { self.hex4()? } else { 0 };
                    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    code = 0x10000 + ((code - 0xd800) << 10) + low;
                }
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }
}

#[cfg(test)]
mod oracle;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Vec<(String, String)>, bool)> {
        let mut members = Vec::new();
        let hazard = object(text, &mut |name, value, _| {
            members.push((name.into_owned(), format!("{value:?}")));
            Some(())
        })?;
        Some((members, hazard))
    }

    #[test]
    fn members_are_seen_with_their_types() {
        let mut seen = Vec::new();
        let text = r#"{"a":1.5,"b":"x\u0041","c":null,"d":["p","q"],"e":[1],"f":{"g":1},"h":true,"i":1e400,"j":-0}"#;
        let read = object(text, &mut |_, value, _| {
            seen.push(value);
            Some(())
        });
        assert_eq!(read, Some(false));
        let expected = [
            Value::Number("1.5"),
            Value::Text("xA".into()),
            Value::Null,
            Value::Texts(vec!["p".into(), "q".into()]),
            Value::Array,
            Value::Object,
            Value::Bool,
            Value::Number("1e400"),
            Value::Number("-0"),
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
