//! Strict JSON (RFC 8259): objects with duplicate members refused at every level (RFC 8725 §2.4: two readers of one token
//! must see the same claims) and nesting limited. A value is handed on as its own text, read for what it is when somebody
//! asks.

mod number;
mod write;

use alloc::borrow::Cow;

use crate::distinct;
use crate::prelude::*;

#[cfg(feature = "wasm")]
pub(crate) use write::List;
pub(crate) use write::{Object, list, quoted};

/// Deepest nesting of arrays and objects that is read, the outermost object included.
const MAX_DEPTH: usize = 32;

/// Member names that turn dangerous when a careless program copies them onto an ordinary JavaScript object.
const HAZARDS: [&str; 3] = ["__proto__", "constructor", "prototype"];

/// The members of an object, in their order: each one's name, and its value's own text.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    pub(crate) list: Vec<(Cow<'a, str>, &'a str)>,
    /// A member anywhere in the object bears a hazardous name.
    pub(crate) hazard: bool,
}

impl<'a> Members<'a> {
    /// The text of a member's value.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.list.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }

    /// A member that is a string.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name).and_then(text)
    }
}

/// Reads `text` as one JSON object; `None` when it is not a strict one.
pub(crate) fn object(text: &str) -> Option<Members<'_>> {
    let mut reader = Reader::new(text);
    let list = reader.object()?;
    reader.end()?;
    (!reader.repeated).then_some(Members { list, hazard: reader.hazard })
}

/// Like [`object`], but within the values duplicate members are let pass.
pub(crate) fn outline(text: &str) -> Option<Members<'_>> {
    let mut reader = Reader::new(text);
    let list = reader.object()?;
    reader.end()?;
    (!repeats(&list)).then_some(Members { list, hazard: reader.hazard })
}

/// The texts of the elements of the JSON array `text`, in which duplicate members are let pass.
pub(crate) fn array(text: &str) -> Option<Vec<&str>> {
    let mut reader = Reader::new(text);
    let elements = reader.array()?;
    reader.end()?;
    Some(elements)
}

/// What the JSON string `text` says; `None` when it is no string.
pub(crate) fn text(text: &str) -> Option<Cow<'_, str>> {
    let mut reader = Reader::new(text);
    let string = reader.string()?;
    reader.end()?;
    Some(string)
}

/// The elements of the JSON array `text`; `None` unless all of them are strings.
pub(crate) fn texts(array_text: &str) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for element in array(array_text)? {
        texts.push(text(element)?.into_owned());
    }
    Some(texts)
}

/// What the JSON number `text` is worth; `None` when it is no number.
pub(crate) fn number(text: &str) -> Option<f64> {
    (kind(text) == "a number").then(|| number::number(text))
}

/// What to call the value with this text in an error.
pub(crate) fn kind(value: &str) -> &'static str {
    match value.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

fn repeats(members: &[(Cow<'_, str>, &str)]) -> bool {
    distinct::repeats(&members.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>())
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

    #[inline(always)] // As below: called for every character that means something.
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
    #[inline(always)]
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

    /// The bracket that opens an array or object.
    fn open(&mut self, bracket: u8) -> Option<()> {
        self.take(bracket)?;
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }

    /// Whether another item follows, the comma before it taken, or the bracket that closes.
    fn another(&mut self, is_first: bool, close: u8) -> Option<bool> {
        self.skip_whitespace();
        if self.took(close) {
            self.depth -= 1;
            return Some(false);
        }
        if !is_first {
            self.take(b',')?;
        }
        self.skip_whitespace();
        Some(true)
    }

    fn object(&mut self) -> Option<Vec<(Cow<'a, str>, &'a str)>> {
        let mut members = Vec::new();
        self.open(b'{')?;
        while self.another(members.is_empty(), b'}')? {
            let name = self.string()?;
            self.hazard |= HAZARDS.contains(&name.as_ref());
            self.take(b':')?;
            members.push((name, self.value()?));
        }
        self.repeated |= repeats(&members);
        Some(members)
    }

    fn array(&mut self) -> Option<Vec<&'a str>> {
        let mut elements = Vec::new();
        self.open(b'[')?;
        while self.another(elements.is_empty(), b']')? {
            elements.push(self.value()?);
        }
        Some(elements)
    }

    /// Any value; its text, without the whitespace before it.
    fn value(&mut self) -> Option<&'a str> {
        self.skip_whitespace();
        let start = self.at;
        match self.peek()? {
            b'{' => drop(self.object()?),
            b'[' => drop(self.array()?),
            b'"' => drop(self.string()?),
            b'n' => self.word("null")?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            _ => self.number()?,
        }
        self.text.get(start..self.at)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.get(self.at..)?.starts_with(word).then(|| self.at += word.len())
    }

    /// RFC 8259 §6.
    fn number(&mut self) -> Option<()> {
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
        Some(())
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
            // All but control characters, the quotation mark, which is beside the blank with its second bit flipped, and
            // the backslash.
            self.skip_while(|byte| byte ^ 2 > b' ' && byte != b'\\');
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
        let Members { list, hazard } = object(text)?;
        Some((list.into_iter().map(|(name, value)| (name.into_owned(), value.to_owned())).collect(), hazard))
    }

    #[test]
    fn members_are_read_for_what_they_are() {
        let written =
            r#" { "a" : 1.5 , "b":"x\u0041","c":null,"d":["p" , "q"],"e":[1],"f":{"g":1},"h":true,"i":1e400,"j":-0 } "#;
        let members = object(written).expect("an object");
        assert!(!members.hazard);
        let values: Vec<&str> = members.list.iter().map(|(_, value)| *value).collect();
        let expected = ["1.5", r#""x\u0041""#, "null", r#"["p" , "q"]"#, "[1]", r#"{"g":1}"#, "true", "1e400", "-0"];
        assert_eq!(values, expected);
        let kinds =
            ["a number", "a string", "null", "an array", "an array", "an object", "a boolean", "a number", "a number"];
        assert_eq!(values.into_iter().map(kind).collect::<Vec<_>>(), kinds);
        assert_eq!(members.text("b").as_deref(), Some("xA"));
        assert_eq!((members.text("a"), members.text("z"), members.get("z")), (None, None, None));
        assert_eq!(members.get("d").and_then(texts), Some(vec!["p".to_owned(), "q".to_owned()]));
        assert_eq!(members.get("e").and_then(texts), None);
        assert_eq!(texts("[]"), Some(vec![]));
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
