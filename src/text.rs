//! Putting texts together. The standard library's ways bring its formatting of numbers along, which counts where a module
//! has to be small.

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

/// A list for people.
pub(crate) fn list(items: &[String]) -> String {
    joined(&mut items.iter().map(String::as_str), ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_together() {
        assert_eq!(concat(&["a", "", "bc"]), "abc");
        assert_eq!(list(&["a".to_owned(), String::new(), "b".to_owned()]), "a, , b");
        assert_eq!(list(&[]), "");
    }
}
