//! Writing JSON.

use crate::prelude::*;
use crate::text;

/// An object that is written member by member. Names are written as they are: all of them are names of this crate.
pub(crate) struct Object(String);

impl Object {
    /// An object after `prefix`.
    pub(crate) fn after(prefix: &str) -> Self {
        Self(text::concat(&[prefix, "{"]))
    }

    pub(crate) fn new() -> Self {
        Self::after("")
    }

    fn name(&mut self, name: &str) {
        if !self.0.ends_with("{") {
            self.0.push(',');
        }
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// A member whose value is JSON text already.
    pub(crate) fn raw(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.push_str(value);
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        push_quoted(&mut self.0, value);
    }

    /// A text, or `null`.
    pub(crate) fn optional(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.raw(name, "null"),
        }
    }

    pub(crate) fn texts(&mut self, name: &str, values: &[String]) {
        self.name(name);
        push_texts(&mut self.0, values);
    }

    pub(crate) fn integer(&mut self, name: &str, value: u64) {
        self.name(name);
        text::push_decimal(&mut self.0, value);
    }

    pub(crate) fn boolean(&mut self, name: &str, value: bool) {
        self.raw(name, boolean(value));
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Bytes that most arrays stay below.
#[cfg(feature = "wasm")]
const USUAL: usize = 512;

/// An array that is written item by item.
#[cfg(feature = "wasm")]
pub(crate) struct List(String);

#[cfg(feature = "wasm")]
impl List {
    /// An array after `prefix`.
    pub(crate) fn after(prefix: &str) -> Self {
        let mut json = String::with_capacity(USUAL);
        json.push_str(prefix);
        json.push('[');
        Self(json)
    }

    fn next(&mut self) -> &mut String {
        if !self.0.ends_with("[") {
            self.0.push(',');
        }
        &mut self.0
    }

    /// An item that is JSON text already.
    pub(crate) fn raw(&mut self, value: &str) {
        self.next().push_str(value);
    }

    pub(crate) fn text(&mut self, value: &str) {
        push_quoted(self.next(), value);
    }

    /// A text, or `null`.
    pub(crate) fn optional(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.text(value),
            None => self.raw("null"),
        }
    }

    pub(crate) fn texts(&mut self, values: &[String]) {
        push_texts(self.next(), values);
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.raw(boolean(value));
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push(']');
        self.0
    }
}

/// The array of these JSON texts.
pub(crate) fn list(values: impl IntoIterator<Item = String>) -> String {
    let mut array = String::from("[");
    for value in values {
        if array.len() > 1 {
            array.push(',');
        }
        array.push_str(&value);
    }
    array.push(']');
    array
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// Appends an array of strings.
fn push_texts(json: &mut String, values: &[String]) {
    json.push('[');
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            json.push(',');
        }
        push_quoted(json, value);
    }
    json.push(']');
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = String::new();
    push_quoted(&mut json, text);
    json
}

/// Appends a JSON string (RFC 8259 §7).
fn push_quoted(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    while let Some((plain, special)) = rest
        .bytes()
        .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
        .and_then(|place| rest.split_at_checked(place))
    {
        json.push_str(plain);
        let mut after = special.chars();
        for c in after.by_ref().take(1) {
            match c {
                '"' | '\\' => json.extend(['\\', c]),
                '\n' => json.push_str("\\n"),
                control => {
                    json.push_str("\\u00");
                    let code = u32::from(control);
                    json.extend([code >> 4, code & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
                }
            }
        }
        rest = after.as_str();
    }
    json.push_str(rest);
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let texts: Vec<String> =
            ["", "a b", "\"\\/", "\n\r\t\u{8}\u{0}\u{1f}\u{7f}", "é€😀\u{2028}"].map(String::from).to_vec();
        let mut object = Object::after("A");
        object.texts("texts", &texts);
        object.optional("none", None);
        object.integer("integer", u64::MAX);
        object.boolean("yes", true);
        object.raw("inner", "{}");
        let written = object.finish();
        let read: serde_json::Value =
            serde_json::from_str(written.strip_prefix('A').expect("the prefix")).expect("JSON");
        let expected =
            serde_json::json!({ "texts": texts, "none": null, "integer": u64::MAX, "yes": true, "inner": {} });
        assert_eq!(read, expected);
        assert_eq!(Object::new().finish(), "{}");
    }
}
