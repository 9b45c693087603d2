//! Putting texts together and taking them apart. The standard library's ways bring their formatting of numbers and their
//! search for any pattern along, which counts where a module has to be small.

use crate::prelude::*;

/// The parts, with `between` between each two.
pub(crate) fn joined(parts: &mut dyn Iterator<Item = &str>, between: &str) -> String {
    let mut text = String::new();
    for (place, part) in parts.enumerate() {
        if place > 0 {
            text.push_str(between);
        }
        text.push_str(part);
    }
    text
}

/// The parts one after another.
pub(crate) fn concat(parts: &[&str]) -> String {
    joined(&mut parts.iter().copied(), "")
}

/// The items, with `between` between each two.
pub(crate) fn joined_with(items: &[String], between: &str) -> String {
    joined(&mut items.iter().map(String::as_str), between)
}

/// A list for people.
pub(crate) fn list(items: &[String]) -> String {
    joined_with(items, ", ")
}

/// What is before the first byte of which `is_end` holds, and what is after it. It has to be an ASCII one.
pub(crate) fn cut<'t>(text: &'t str, is_end: &dyn Fn(u8) -> bool) -> Option<(&'t str, &'t str)> {
    let place = text.bytes().position(is_end)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// What is before the last of these bytes, and what is after it. It has to be an ASCII one.
pub(crate) fn cut_last(text: &str, wanted: u8) -> Option<(&str, &str)> {
    let place = text.bytes().rposition(|byte| byte == wanted)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// What is between the separators, which are an ASCII character.
pub(crate) fn split(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == separator).unwrap_or(text.len());
        rest = text.get(end + 1..);
        text.get(..end)
    })
}

/// Whether there is nothing but whitespace in it.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A whole number.
pub(crate) fn decimal(value: u64) -> String {
    let mut text = String::new();
    push_decimal(&mut text, value);
    text
}

/// Appends a whole number.
pub(crate) fn push_decimal(text: &mut String, value: u64) {
    if value >= 10 {
        push_decimal(text, value / 10);
    }
    text.extend(char::from_digit((value % 10) as u32, 10));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_together() {
        assert_eq!(concat(&["a", "", "bc"]), "abc");
        assert_eq!(list(&["a".to_owned(), String::new(), "b".to_owned()]), "a, , b");
        assert_eq!(list(&[]), "");
        assert_eq!(decimal(0) + &decimal(u64::MAX), "018446744073709551615");
    }

    #[test]
    fn texts_are_taken_apart() {
        assert_eq!(cut("a b c", &|byte| byte == b' '), Some(("a", "b c")));
        assert_eq!(cut("é", &|byte| byte == b' '), None);
        assert_eq!(cut_last("a.b.c", b'.'), Some(("a.b", "c")));
        assert_eq!(cut_last("é", b'.'), None);
        for text in ["", ".", "a", "a.b", ".é..b."] {
            assert_eq!(split(text, b'.').collect::<Vec<_>>(), text.split('.').collect::<Vec<_>>());
        }
        assert!(is_blank("") && is_blank(" \u{3000}") && !is_blank(" a"));
    }
}
